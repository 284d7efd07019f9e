package io.taskqueue;

import org.jspecify.annotations.Nullable;

/**
 * Redis refuses for good: wrong credentials, a missing permission, a key of another type,
 * a command it does not know. Trying again does not help, the set-up must be mended.
 */
public class TaskQueueRefusedException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	private final @Nullable String fix;

	public TaskQueueRefusedException(String message, @Nullable Throwable cause) {
		this(message, null, cause);
	}

	/**
	 * Creates an exception with a way out.
	 * @param message what is refused
	 * @param fix what to do about it, in whole sentences
	 */
	public TaskQueueRefusedException(String message, @Nullable String fix, @Nullable Throwable cause) {
		super(message, cause);
		this.fix = fix;
	}

	/** Returns what to do about it, in whole sentences; {@code null} if not known. */
	public @Nullable String fix() {
		return this.fix;
	}

}
