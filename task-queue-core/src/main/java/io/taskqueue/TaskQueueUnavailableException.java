package io.taskqueue;

import org.jspecify.annotations.Nullable;

/**
 * Redis could not be reached, did not answer in time, or cannot serve at the moment
 * (loading, failing over, out of memory). Trying again later may help. Whether the call
 * had an effect is not known unless the message says so; repeating an enqueue with the
 * same explicit id is safe.
 */
public class TaskQueueUnavailableException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	public TaskQueueUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
