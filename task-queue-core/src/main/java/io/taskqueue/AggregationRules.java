package io.taskqueue;

import java.time.Duration;

/**
 * When the tasks of an aggregation group are merged: as soon as one of the rules holds.
 * Times count in whole seconds, rounded up. Immutable; checks itself when built.
 *
 * @param maxSize how many tasks are enough, and the most that are merged at once; 0 for
 * no such rule, then at most {@value #LARGEST_SET} are merged at once
 * @param maxDelay how long the oldest task waits at most; zero for no such rule
 * @param grace for how long no task has joined the group; at least one second
 */
public record AggregationRules(int maxSize, Duration maxDelay, Duration grace) {

	/** The most tasks that are merged at once. */
	public static final int LARGEST_SET = 10_000;

	private static final Duration LONGEST = Duration.ofDays(36_500);

	/** asynq's rules: a grace period of a minute, and nothing else. */
	public static final AggregationRules STANDARD = new AggregationRules(0, Duration.ZERO, Duration.ofMinutes(1));

	/**
	 * Checks the rules.
	 * @throws IllegalArgumentException naming the rule, its value and the limit
	 */
	public AggregationRules {
		check(maxSize >= 0 && maxSize <= LARGEST_SET, "maxSize must be from 0 to " + LARGEST_SET, maxSize);
		check(!maxDelay.isNegative() && maxDelay.compareTo(LONGEST) <= 0,
				"maxDelay must not be negative and at most " + LONGEST, maxDelay);
		check(grace.toSeconds() >= 1 && grace.compareTo(LONGEST) <= 0,
				"grace must be at least PT1S and at most " + LONGEST, grace);
	}

	/** Returns a copy with the size. */
	public AggregationRules withMaxSize(int maxSize) {
		return new AggregationRules(maxSize, this.maxDelay, this.grace);
	}

	/** Returns a copy with the longest wait. */
	public AggregationRules withMaxDelay(Duration maxDelay) {
		return new AggregationRules(this.maxSize, maxDelay, this.grace);
	}

	/** Returns a copy with the grace period. */
	public AggregationRules withGrace(Duration grace) {
		return new AggregationRules(this.maxSize, this.maxDelay, grace);
	}

	private static void check(boolean valid, String rule, Object value) {
		if (!valid) {
			throw new IllegalArgumentException(rule + ", was " + value);
		}
	}

}
