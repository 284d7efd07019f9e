package io.taskqueue.inspect;

/**
 * What became of a request to cancel a task.
 */
public enum Cancellation {

	/** It waited, and is archived. */
	ARCHIVED,
	/**
	 * One of our workers holds it. Its handler is interrupted at once, or at the next
	 * renewal of its lease (5 s) if the message is lost, and the task archived, unless it
	 * is completed first.
	 */
	REQUESTED,
	/**
	 * An asynq server holds it and was sent asynq's message, which may get lost. asynq
	 * retries what was cancelled.
	 */
	SENT,
	/** It is archived or completed and will not run anyway. */
	ENDED

}
