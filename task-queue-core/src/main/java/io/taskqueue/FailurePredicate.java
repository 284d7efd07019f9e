package io.taskqueue;

/**
 * Decides whether an exception of a handler counts as a failure (asynq's
 * {@code IsFailure}). Where it does not, the task is retried without using an attempt and
 * without counting in the statistics, unless its retries are exhausted already.
 */
@FunctionalInterface
public interface FailurePredicate {

	/**
	 * Tells whether the exception uses an attempt.
	 * @param error what the handler threw
	 */
	boolean isFailure(Throwable error);

}
