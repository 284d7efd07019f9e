package io.taskqueue.worker;

import java.time.Duration;

import io.taskqueue.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Hears what a worker does, for meters and traces. Called on the worker's own threads, so
 * it must not block; what it throws is logged and otherwise ignored.
 */
public interface WorkerListener {

	/** A handler was found and is about to be called. */
	default void started(TaskContext task) {
	}

	/**
	 * The attempt has its outcome, which is not acknowledged yet.
	 * @param task the attempt
	 * @param ending what is to become of the task
	 * @param error why it did not succeed; {@code null} where it did or was not run
	 * @param ran how long the attempt took
	 */
	default void ended(TaskContext task, Ending ending, @Nullable Throwable error, Duration ran) {
	}

	/**
	 * The lease of a task was lost before its outcome was acknowledged; another worker
	 * may run it.
	 */
	default void leaseLost(String queue, String id) {
	}

	/** A handler did not return within the grace period after it was interrupted. */
	default void stuck(TaskContext task) {
	}

	/**
	 * Tasks were taken from a queue.
	 * @param queue the queue
	 * @param count how many, possibly none
	 * @param took how long the call took
	 */
	default void fetched(String queue, int count, Duration took) {
	}

	/**
	 * Outcomes were confirmed.
	 * @param queue the queue
	 * @param count how many, at least one
	 * @param took how long the call took
	 */
	default void acknowledged(String queue, int count, Duration took) {
	}

	/** A task was taken away from an owner that is gone: another worker, or asynq's. */
	default void recovered(String queue, String id) {
	}

	/** What is to become of a task after an attempt. */
	enum Ending {

		/** It is done. */
		COMPLETED,
		/** Its handler dropped it. */
		REVOKED,
		/** It runs again later. */
		RETRIED,
		/** It does not run again. */
		ARCHIVED,
		/** It is given back without having used an attempt. */
		RELEASED

	}

}
