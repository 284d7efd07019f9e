package io.taskqueue.cron;

/**
 * Two definitions in one application have the same uuid.
 */
public class DuplicateCronTaskException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String uuid;

	private final String first;

	private final String second;

	/**
	 * Creates an exception.
	 * @param uuid what both have
	 * @param first where the first one is
	 * @param second where the second one is
	 */
	public DuplicateCronTaskException(String uuid, String first, String second) {
		super("Two cron tasks have the uuid '%s': %s and %s. Remove one, or give it another uuid.".formatted(uuid,
				first, second));
		this.uuid = uuid;
		this.first = first;
		this.second = second;
	}

	/** Returns the uuid. */
	public String uuid() {
		return this.uuid;
	}

	/** Returns where the first one is. */
	public String first() {
		return this.first;
	}

	/** Returns where the second one is. */
	public String second() {
		return this.second;
	}

}
