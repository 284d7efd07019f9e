package io.taskqueue.redis;

/**
 * What one purpose asks of its connections.
 *
 * @param use what they are for
 * @param connections how many there may be at a time
 * @param timeouts how long Redis is waited for
 */
record Demand(Use use, int connections, Timeouts timeouts) {

	/** What connections are for. */
	enum Use {

		/** Quick calls of many threads, which share or pool them. */
		CALLS,
		/** Blocking; each is held by one user and closed after use. */
		WAITS,
		/** Subscribing; each is held by one user and closed after use. */
		MESSAGES

	}

	Demand {
		if (connections < 1) {
			throw new IllegalArgumentException("At least one connection is needed, not " + connections);
		}
	}

	/** Whether each connection has one user. */
	boolean dedicated() {
		return this.use != Use.CALLS;
	}

}
