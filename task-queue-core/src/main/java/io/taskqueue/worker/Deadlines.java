package io.taskqueue.worker;

import java.time.Duration;
import java.time.Instant;

import io.taskqueue.wire.TaskMessage;

/**
 * When an attempt has to end (asynq's rule).
 */
final class Deadlines {

	private static final Duration UNLIMITED = Duration.ofMinutes(30);

	// What lies further away is as good as never, and stays clear of overflows
	private static final Duration FURTHEST = Duration.ofDays(36500);

	private Deadlines() {
	}

	/**
	 * Returns the earlier of timeout and deadline, where a task has either; otherwise
	 * half an hour from now, also where the record says that there is no limit, because
	 * asynq's servers do the same.
	 */
	static Instant of(TaskMessage message, Instant now) {
		Instant furthest = now.plus(FURTHEST);
		Instant deadline = (message.deadline() > 0)
				? Instant.ofEpochSecond(Math.min(message.deadline(), furthest.getEpochSecond())) : furthest;
		if (message.timeout() > 0) {
			Instant timeout = now.plusSeconds(Math.min(message.timeout(), FURTHEST.toSeconds()));
			return timeout.isBefore(deadline) ? timeout : deadline;
		}
		return (message.deadline() > 0) ? deadline : now.plus(UNLIMITED);
	}

}
