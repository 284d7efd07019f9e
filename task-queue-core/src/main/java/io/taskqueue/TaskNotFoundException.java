package io.taskqueue;

/**
 * There is no such task in the queue: it is done and was not retained, was deleted, or
 * never existed.
 */
public class TaskNotFoundException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	private final String queue;

	private final String id;

	/**
	 * Creates an exception.
	 * @param queue where it was looked for
	 * @param id what was looked for
	 */
	public TaskNotFoundException(String queue, String id) {
		super("There is no task '%s' in queue '%s'. It may be done and not retained, or deleted.".formatted(id, queue),
				null);
		this.queue = queue;
		this.id = id;
	}

	/** Returns the queue that was asked. */
	public String queue() {
		return this.queue;
	}

	/** Returns the id that was looked for. */
	public String id() {
		return this.id;
	}

}
