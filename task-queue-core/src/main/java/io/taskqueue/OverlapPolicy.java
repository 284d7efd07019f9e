package io.taskqueue;

/**
 * What a cron task does at a tick while its previous occurrence is not done: pending,
 * scheduled, running or waiting for a retry. One that was archived is done.
 */
public enum OverlapPolicy {

	/** Leave the tick out. */
	SKIP,

	/**
	 * Fire when the previous one is done; at most one tick waits, others are left out.
	 */
	QUEUE,

	/** Fire beside it. */
	ALLOW

}
