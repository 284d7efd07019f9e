package io.taskqueue;

/**
 * There is no cron task with this uuid.
 */
public class CronTaskNotFoundException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	private final String uuid;

	/**
	 * Creates an exception.
	 * @param uuid what was looked for
	 */
	public CronTaskNotFoundException(String uuid) {
		super("There is no cron task '%s' in this namespace. Register it first, or correct the uuid.".formatted(uuid),
				null);
		this.uuid = uuid;
	}

	/** Returns what was looked for. */
	public String uuid() {
		return this.uuid;
	}

}
