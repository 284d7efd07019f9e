package io.taskqueue;

/**
 * There is no such queue: it is not registered, and nothing of it is in Redis.
 */
public class QueueNotFoundException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	private final String queue;

	/**
	 * Creates an exception.
	 * @param queue what was looked for
	 */
	public QueueNotFoundException(String queue) {
		super("There is no queue '%s'. It appears with its first task; queue names are case-sensitive."
			.formatted(queue), null);
		this.queue = queue;
	}

	/** Returns the name that was looked for. */
	public String queue() {
		return this.queue;
	}

}
