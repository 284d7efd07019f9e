package io.taskqueue;

import org.jspecify.annotations.Nullable;

/**
 * The request itself is wrong: a blank type, a queue name that is not allowed, two times,
 * a payload that is too large or cannot be written. The message names the argument and
 * the limit. Nothing was written.
 */
public class InvalidTaskException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	public InvalidTaskException(String message) {
		this(message, null);
	}

	public InvalidTaskException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
