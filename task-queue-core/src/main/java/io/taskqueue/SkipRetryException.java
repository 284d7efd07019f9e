package io.taskqueue;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler, directly or as a cause: the task is archived now, whatever retries
 * are left (asynq's {@code SkipRetry}).
 */
public class SkipRetryException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	public SkipRetryException(String message) {
		this(message, null);
	}

	public SkipRetryException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
