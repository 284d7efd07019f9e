package io.taskqueue.handler;

/**
 * Two aggregators claim the same groups of the same queue.
 */
public class DuplicateAggregatorException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String pattern;

	private final String first;

	private final String second;

	DuplicateAggregatorException(String pattern, String first, String second) {
		super("Two aggregators for group '%s': %s and %s. Remove one, or give it another group or queue."
			.formatted(pattern, first, second));
		this.pattern = pattern;
		this.first = first;
		this.second = second;
	}

	/** Returns the group's name or prefix. */
	public String pattern() {
		return this.pattern;
	}

	/** Returns where the first aggregator was declared. */
	public String first() {
		return this.first;
	}

	/** Returns where the second aggregator was declared. */
	public String second() {
		return this.second;
	}

}
