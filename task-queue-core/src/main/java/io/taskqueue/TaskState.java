package io.taskqueue;

import java.util.Locale;

/**
 * Where a task is. The states and their names in Redis are asynq's.
 */
public enum TaskState {

	/** Waits for a worker. */
	PENDING,
	/** Waits for its time. */
	SCHEDULED,
	/** A worker holds it. */
	ACTIVE,
	/** Failed and waits for its next attempt. */
	RETRY,
	/** Will not run again unless someone asks for it. */
	ARCHIVED,
	/** Done, and kept for its retention. */
	COMPLETED,
	/** Waits in an aggregation group. */
	AGGREGATING;

	private final String wireName = name().toLowerCase(Locale.ROOT);

	/**
	 * Returns the name that asynq stores in the task's {@code state} field, which is also
	 * the suffix of the key of the list or sorted set that holds the id.
	 */
	public String wireName() {
		return this.wireName;
	}

}
