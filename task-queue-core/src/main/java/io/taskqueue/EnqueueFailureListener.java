package io.taskqueue;

/**
 * Hears of tasks that could not be enqueued after the transaction of their caller had
 * committed, when the caller has gone on: to store them elsewhere, to count them, to
 * raise an alarm. Called on the thread of the transaction, which has ended but may still
 * hold its connection; what it throws is logged.
 */
@FunctionalInterface
public interface EnqueueFailureListener {

	/**
	 * A task was not enqueued, or nobody knows whether it was.
	 * @param task the task as the caller was answered, payload and headers included
	 * @param outcome {@link Enqueued#UNKNOWN} where Redis did not confirm or refused, or
	 * where the transaction itself ended in an unknown way; {@link Enqueued#CONFLICT} or
	 * {@link Enqueued#DUPLICATE} where the id or the unique lock was taken
	 * @param error why
	 */
	void enqueueFailed(TaskInfo task, Enqueued outcome, TaskQueueException error);

}
