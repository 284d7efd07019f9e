package io.taskqueue;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One attempt at a task, as its handler and interceptors see it. May be used from any
 * thread while the attempt lasts.
 */
public interface TaskContext {

	/** Returns the task's id, unique within its queue. */
	String id();

	/** Returns the task's type, which may be longer than the handler's pattern. */
	String type();

	/** Returns the queue the task came from. */
	String queue();

	/** Returns a copy of the payload's bytes; empty where the task has none. */
	byte[] payload();

	/**
	 * Returns the headers; unmodifiable. Headers are best effort where asynq servers
	 * below 0.26 share the queue: they drop them on a retry.
	 */
	Map<String, String> headers();

	/** Returns how many retries have been used before this attempt, from 0. */
	int retried();

	/** Returns how many retries the task is allowed. */
	int maxRetry();

	/** Returns the error of the last failed attempt; {@code null} for none. */
	@Nullable String lastError();

	/**
	 * Returns when the attempt is interrupted: the earlier of its timeout and the task's
	 * deadline.
	 */
	Instant deadline();

	/**
	 * Tells whether the attempt should end: it timed out, was cancelled, lost its lease,
	 * or the worker stops. The handler's thread has been interrupted then as well;
	 * whatever it does or returns afterwards changes nothing any more, except when the
	 * worker stops.
	 */
	boolean isInterrupted();

	/**
	 * Stores the task's result, which asynq's tools show and which lasts as long as the
	 * task is retained. A later call overwrites an earlier one.
	 * @param result the bytes, at most 1 MiB
	 * @throws IllegalStateException when this attempt has ended or lost its lease;
	 * nothing is written then
	 * @throws TaskQueueUnavailableException when Redis does not confirm
	 */
	void writeResult(byte[] result);

}
