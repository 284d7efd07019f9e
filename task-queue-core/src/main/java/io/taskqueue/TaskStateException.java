package io.taskqueue;

/**
 * The task is in a state in which this cannot be done to it. Nothing was changed.
 */
public class TaskStateException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	private final String queue;

	private final String id;

	/**
	 * Creates an exception.
	 * @param queue the task's queue
	 * @param id the task's id
	 * @param reason what is in the way, to follow the task's name
	 */
	public TaskStateException(String queue, String id, String reason) {
		super("Task '%s' of queue '%s' %s".formatted(id, queue, reason), null);
		this.queue = queue;
		this.id = id;
	}

	/** Returns the task's queue. */
	public String queue() {
		return this.queue;
	}

	/** Returns the task's id. */
	public String id() {
		return this.id;
	}

}
