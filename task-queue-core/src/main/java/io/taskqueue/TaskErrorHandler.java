package io.taskqueue;

/**
 * Hears of every failed attempt before its task is retried or archived (asynq's
 * {@code ErrorHandler}): exceptions of handlers and interceptors, time-outs,
 * cancellations, records that cannot be read. {@link RetryLaterException} and
 * {@link RevokeTaskException} are no failures, and an attempt that lost its lease is no
 * longer this worker's to report.
 *
 * <p>
 * Called once per failed attempt, mostly on the thread of the handler, whose slot it
 * occupies meanwhile; the task's lease is kept. For handlers that do not return after an
 * interrupt it is called on a thread that looks after all others, so it must not block.
 * What it throws is logged and otherwise ignored. If the worker dies before the outcome
 * reaches Redis, it may hear of the same attempt of a task again.
 */
@FunctionalInterface
public interface TaskErrorHandler {

	/**
	 * Handles a failure.
	 * @param task the attempt; {@link TaskContext#retried()} and
	 * {@link TaskContext#maxRetry()} tell whether it was the last
	 * @param error why it failed
	 */
	void onError(TaskContext task, Throwable error);

}
