package io.taskqueue.handler;

/**
 * Two handlers claim the same task type.
 */
public class DuplicateHandlerException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String type;

	private final String first;

	private final String second;

	DuplicateHandlerException(String type, String first, String second) {
		super("Two handlers for task type '%s': %s and %s. Remove one, or give it another type.".formatted(type, first,
				second));
		this.type = type;
		this.first = first;
		this.second = second;
	}

	/** Returns the task type. */
	public String type() {
		return this.type;
	}

	/** Returns where the first handler was declared. */
	public String first() {
		return this.first;
	}

	/** Returns where the second handler was declared. */
	public String second() {
		return this.second;
	}

}
