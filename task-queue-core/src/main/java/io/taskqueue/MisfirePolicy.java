package io.taskqueue;

/**
 * What a cron task does about ticks that were missed: ones that nobody fired within the
 * misfire threshold, because no scheduler was running for instance.
 */
public enum MisfirePolicy {

	/** Fire once for all of them, for the latest. */
	FIRE_ONCE,

	/** Leave them out. */
	SKIP,

	/** Fire every one, the latest 1000 at most. */
	FIRE_ALL

}
