package io.taskqueue;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler, directly or as a cause: the task is dropped as if done; it is
 * neither retried nor archived nor retained (asynq's {@code RevokeTask}).
 */
public class RevokeTaskException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	public RevokeTaskException(String message) {
		this(message, null);
	}

	public RevokeTaskException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
