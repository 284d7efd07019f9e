package io.taskqueue;

import org.jspecify.annotations.Nullable;

/**
 * A stored payload cannot be read as what the handler asks for. The message names the
 * task, the target type and the place in the payload. Fails the attempt like any other
 * exception of a handler.
 */
public class PayloadException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	public PayloadException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
