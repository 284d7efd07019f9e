package io.taskqueue.client;

import java.time.Duration;

/**
 * The client's limits, and the defaults of tasks for which neither the call nor their
 * type says otherwise. Immutable.
 *
 * @param timeout how long an enqueue waits for its confirmation; positive; 2 s. A call
 * that sends to Redis itself may take one command time-out of the connection longer
 * @param queue the queue; letters, digits and {@code . _ : -}; {@code default}
 * @param retry how many times a failed task is tried again; not negative; 10
 * @param taskTimeout the limit of one attempt where neither a timeout nor a deadline is
 * given; at least one second, at most {@link #LONGEST}; 30 min
 * @param retention how long a task is kept after success; not negative, at most
 * {@link #LONGEST}; zero
 * @param maxPayload the largest payload, in bytes; positive; 1 MiB
 * @param maxHeaders the largest total of all header names and values of a task, in bytes
 * of UTF-8; not negative; 8 KiB
 * @param batchSize how many tasks are sent at once at most; positive; 64
 * @param batchBytes from which size, in bytes, no further task joins a batch; positive; 1
 * MiB
 */
public record ClientOptions(Duration timeout, String queue, int retry, Duration taskTimeout, Duration retention,
		int maxPayload, int maxHeaders, int batchSize, int batchBytes) {

	/**
	 * The longest duration of a task: 36,500 days. Beyond 292 years asynq's durations
	 * overflow.
	 */
	public static final Duration LONGEST = Duration.ofDays(36_500);

	/** The defaults. */
	public static final ClientOptions DEFAULTS = new ClientOptions(Duration.ofSeconds(2), "default", 10,
			Duration.ofMinutes(30), Duration.ZERO, 1024 * 1024, 8 * 1024, 64, 1024 * 1024);

	/**
	 * Checks the options.
	 * @throws IllegalArgumentException naming the option, its value and the limit
	 */
	public ClientOptions {
		check(!timeout.isNegative() && !timeout.isZero() && timeout.compareTo(LONGEST) <= 0,
				"timeout must be positive and at most " + LONGEST, timeout);
		check(QueueName.isValid(queue), "queue must match " + QueueName.PATTERN, '"' + queue + '"');
		check(retry >= 0, "retry must not be negative", retry);
		check(taskTimeout.toSeconds() >= 1 && taskTimeout.compareTo(LONGEST) <= 0,
				"taskTimeout must be at least PT1S and at most " + LONGEST, taskTimeout);
		check(!retention.isNegative() && retention.compareTo(LONGEST) <= 0,
				"retention must not be negative and at most " + LONGEST, retention);
		check(maxPayload > 0, "maxPayload must be positive", maxPayload);
		check(maxHeaders >= 0, "maxHeaders must not be negative", maxHeaders);
		check(batchSize > 0, "batchSize must be positive", batchSize);
		check(batchBytes > 0, "batchBytes must be positive", batchBytes);
	}

	private static void check(boolean valid, String rule, Object value) {
		if (!valid) {
			throw new IllegalArgumentException(rule + ", was " + value);
		}
	}

}
