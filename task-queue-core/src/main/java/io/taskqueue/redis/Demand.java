package io.taskqueue.redis;

/**
 * What one purpose asks of its connections.
 *
 * @param dedicated whether they are held by one user each and closed after use (waits,
 * subscriptions), rather than shared or pooled (scripts)
 * @param connections how many there may be at a time
 * @param timeouts how long Redis is waited for
 */
record Demand(boolean dedicated, int connections, Timeouts timeouts) {

	Demand {
		if (connections < 1) {
			throw new IllegalArgumentException("At least one connection is needed, not " + connections);
		}
	}

}
