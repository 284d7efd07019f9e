package io.taskqueue;

import org.jspecify.annotations.Nullable;

/**
 * Redis refuses for good: wrong credentials, a missing permission, a key of another type,
 * a command it does not know. Trying again does not help, the set-up must be mended.
 */
public class TaskQueueRefusedException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	public TaskQueueRefusedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
