package io.taskqueue;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler, directly or as a cause: the task runs again after the given delay.
 * This is not a failure: it uses no attempt and does not count in the statistics.
 */
public class RetryLaterException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	private final Duration delay;

	public RetryLaterException(Duration delay) {
		this(delay, "asked to run again in " + delay, null);
	}

	/**
	 * Creates the exception.
	 * @param delay how long to wait; not negative
	 * @param message why; kept as the task's last error
	 * @param cause what led to it
	 */
	public RetryLaterException(Duration delay, String message, @Nullable Throwable cause) {
		super(message, cause);
		if (delay.isNegative()) {
			throw new IllegalArgumentException("delay must not be negative: " + delay);
		}
		this.delay = delay;
	}

	/**
	 * Returns how long the task waits before it runs again.
	 */
	public Duration delay() {
		return this.delay;
	}

}
