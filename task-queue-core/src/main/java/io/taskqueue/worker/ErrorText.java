package io.taskqueue.worker;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * The texts of errors as they are kept with a task and shown by tools.
 */
final class ErrorText {

	private ErrorText() {
	}

	/** Returns the error of an attempt that took too long; the text is asynq's. */
	static TimeoutException timeout() {
		return new TimeoutException("context deadline exceeded");
	}

	/** Returns the error of an attempt that was cancelled; the text is asynq's. */
	static CancellationException cancelled() {
		return new CancellationException("context canceled");
	}

	/** Returns the class and the message, in at most so many bytes of UTF-8. */
	static String of(Throwable error, int maxBytes) {
		String message = message(error);
		boolean asynqs = error.getClass() == TimeoutException.class || error.getClass() == CancellationException.class;
		String name = error.getClass().getSimpleName();
		if (name.isEmpty()) {
			// An anonymous class
			name = error.getClass().getName();
		}
		String text = (message == null || message.isBlank()) ? name : asynqs ? message : name + ": " + message;
		return cut(text, maxBytes);
	}

	static String cut(String text, int maxBytes) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		if (bytes.length <= maxBytes) {
			return text;
		}
		int end = maxBytes;
		while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
			end--;
		}
		return new String(bytes, 0, end, StandardCharsets.UTF_8);
	}

	private static @Nullable String message(Throwable error) {
		try {
			return error.getMessage();
		}
		catch (RuntimeException ex) {
			return "its message cannot be read: " + ex.getClass().getName();
		}
	}

}
