package io.taskqueue;

/**
 * The queue is not in a state in which this could be done: it is paused already, or not
 * paused, or not empty. Nothing was changed.
 */
public class QueueStateException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	private final String queue;

	/**
	 * Creates an exception.
	 * @param queue the queue
	 * @param reason what is in the way, to follow the queue's name
	 */
	public QueueStateException(String queue, String reason) {
		super("Queue '%s' %s".formatted(queue, reason), null);
		this.queue = queue;
	}

	/** Returns the queue. */
	public String queue() {
		return this.queue;
	}

}
