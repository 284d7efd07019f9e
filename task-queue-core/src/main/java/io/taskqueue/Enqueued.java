package io.taskqueue;

/**
 * What an enqueue did.
 */
public enum Enqueued {

	/** The task is stored. */
	CREATED,
	/** A waiting task with the same id was exchanged for this one. */
	REPLACED,
	/** A task with the same id exists and was kept as it is. */
	KEPT,
	/**
	 * A task with the same id is running; this request becomes the task when that run has
	 * settled. A newer request takes its place.
	 */
	NEXT,
	/**
	 * Checked and kept in this process until the transaction has committed. Nothing is in
	 * Redis yet, so neither a conflict nor a failure of Redis is known.
	 */
	AFTER_COMMIT,
	/** Refused: a task with the same id exists. */
	CONFLICT,
	/** Refused: another task holds the unique lock. */
	DUPLICATE,
	/** Refused before anything was sent: the request itself is wrong. */
	INVALID,
	/**
	 * Redis did not confirm. The task may or may not be stored; repeating the request
	 * with the same id and {@link OnConflict#KEEP} settles it.
	 */
	UNKNOWN;

	/**
	 * Tells whether a task with the requested id is in the queue because of this answer:
	 * the new one or one that was kept.
	 */
	public boolean accepted() {
		return this == CREATED || this == REPLACED || this == KEPT || this == NEXT;
	}

}
