package io.taskqueue;

/**
 * The task was not enqueued because of one that exists: its id is taken and
 * {@link OnConflict#FAIL} applies, or another task holds its unique lock. Nothing was
 * written.
 */
public class TaskConflictException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	private final String queue;

	private final String id;

	private final Enqueued reason;

	/**
	 * Creates the exception.
	 * @param message what stands in the way, and where
	 * @param queue the queue of the refused task
	 * @param id the id of the refused task
	 * @param reason {@link Enqueued#CONFLICT} or {@link Enqueued#DUPLICATE}
	 */
	public TaskConflictException(String message, String queue, String id, Enqueued reason) {
		super(message, null);
		this.queue = queue;
		this.id = id;
		this.reason = reason;
	}

	/**
	 * Returns the queue of the refused task.
	 */
	public String queue() {
		return this.queue;
	}

	/**
	 * Returns the id of the refused task.
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Returns {@link Enqueued#CONFLICT} where the id is taken, {@link Enqueued#DUPLICATE}
	 * where the unique lock is held.
	 */
	public Enqueued reason() {
		return this.reason;
	}

}
