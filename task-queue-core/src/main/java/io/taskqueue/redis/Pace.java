package io.taskqueue.redis;

import java.time.Duration;

/**
 * When a {@link Subscription} does things.
 *
 * @param ping the time between pings
 * @param silence how long after an unanswered ping a connection is given up
 * @param firstPause the pause before connecting again, doubled with every failure
 * @param longestPause the longest pause
 */
record Pace(Duration ping, Duration silence, Duration firstPause, Duration longestPause) {

	/** A dead connection is noticed within nine seconds. */
	static Pace defaults() {
		return new Pace(Duration.ofSeconds(3), Duration.ofSeconds(6), Duration.ofSeconds(1), Duration.ofSeconds(30));
	}

}
