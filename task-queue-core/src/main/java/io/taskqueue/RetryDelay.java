package io.taskqueue;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a failed task waits before its next attempt. Implementations are called from
 * many threads. Where one throws or returns a negative delay, the default is used and a
 * warning logged.
 */
@FunctionalInterface
public interface RetryDelay {

	/**
	 * Returns the wait before the next attempt.
	 * @param retried how many retries the task has had before this failure, from 0
	 * @param error why this attempt failed
	 * @param task the failed attempt
	 */
	Duration after(int retried, Throwable error, TaskContext task);

	/**
	 * The default of this library: from 10 s, doubling to at most an hour, 20 % jitter.
	 */
	static RetryDelay standard() {
		return exponential(Duration.ofSeconds(10), 2, Duration.ofHours(1), 0.2);
	}

	/**
	 * Exponential back-off.
	 * @param initial the first delay; positive
	 * @param multiplier the factor from one delay to the next; at least 1
	 * @param max the longest delay, before jitter
	 * @param jitter the share of the delay, 0 to 1, by which it may be shorter or longer
	 * @throws IllegalArgumentException naming the argument that is out of range
	 */
	static RetryDelay exponential(Duration initial, double multiplier, Duration max, double jitter) {
		require(initial.compareTo(Duration.ZERO) > 0, "initial must be positive: " + initial);
		require(multiplier >= 1, "multiplier must be at least 1: " + multiplier);
		require(max.compareTo(initial) >= 0, "max must not be below initial: " + max + " < " + initial);
		require(jitter >= 0 && jitter <= 1, "jitter must lie between 0 and 1: " + jitter);
		return (retried, error, task) -> {
			double millis = Math.min(initial.toMillis() * Math.pow(multiplier, retried), (double) max.toMillis());
			double spread = jitter * (2 * ThreadLocalRandom.current().nextDouble() - 1);
			return Duration.ofMillis(Math.round(millis * (1 + spread)));
		};
	}

	/**
	 * The same delay before every attempt.
	 * @param delay not negative
	 */
	static RetryDelay fixed(Duration delay) {
		require(!delay.isNegative(), "delay must not be negative: " + delay);
		return (retried, error, task) -> delay;
	}

	/**
	 * asynq's formula: {@code n⁴ + 15 + random(0..29) · (n + 1)} seconds, where n is the
	 * number of retries so far.
	 */
	static RetryDelay asynq() {
		return (retried, error, task) -> {
			long random = ThreadLocalRandom.current().nextInt(30) * (retried + 1L);
			return Duration.ofSeconds(Math.round(Math.pow(retried, 4)) + 15 + random);
		};
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

}
