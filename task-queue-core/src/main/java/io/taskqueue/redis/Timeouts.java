package io.taskqueue.redis;

import java.time.Duration;

/**
 * How long Redis is waited for.
 *
 * @param connect for a connection to be established, and for a free one of a pool
 * @param command for the answer to a command or script; also what a wait is given beyond
 * its block time
 * @param block the longest block time of one wait; longer waits are made of several
 */
record Timeouts(Duration connect, Duration command, Duration block) {

	Timeouts {
		positive("connect", connect);
		positive("command", command);
		positive("block", block);
	}

	/**
	 * Two seconds to connect and for a command, five to block: a connection that is dead
	 * without anybody having said so is noticed within seven.
	 */
	static Timeouts defaults() {
		return new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(5));
	}

	/** Returns when a blocking wait that has not been answered is given up. */
	Duration answer() {
		return this.block.plus(this.command);
	}

	private static void positive(String name, Duration value) {
		if (value.toMillis() <= 0) {
			throw new IllegalArgumentException(
					"The " + name + " time-out must be at least a millisecond, but is " + value);
		}
	}

}
