package io.taskqueue;

import org.jspecify.annotations.Nullable;

/**
 * The answer for one task of a bulk enqueue.
 *
 * @param outcome what happened
 * @param task the task as it was stored or kept, or as it is to be stored
 * {@link Enqueued#AFTER_COMMIT after the commit}; {@code null} unless
 * {@link Enqueued#accepted() accepted} or that
 * @param error why it was not accepted; {@code null} unless refused
 */
public record EnqueueResult(Enqueued outcome, @Nullable TaskInfo task, @Nullable TaskQueueException error) {

	/**
	 * Returns the task, or throws why there is none.
	 * @throws TaskQueueException the {@link #error()}
	 */
	public TaskInfo orThrow() {
		if (this.task != null) {
			return this.task;
		}
		throw (this.error != null) ? this.error : new InvalidTaskException("not enqueued: " + this.outcome);
	}

}
