package io.taskqueue.cron;

import java.time.Instant;

/**
 * Hears what the scheduler of this process does, on its thread; must not block. What it
 * throws is logged.
 */
public interface CronListener {

	/** Does nothing. */
	CronListener NONE = new CronListener() {
	};

	/** This process leads from now on: it fires the cron tasks of the namespace. */
	default void leadershipTaken(String node) {
	}

	/** This process does not lead any more. */
	default void leadershipLost(String node) {
	}

	/**
	 * A tick is about to be fired. Not called for one that had to wait for the previous
	 * occurrence, when it is tried again.
	 * @param uuid the cron task
	 * @param type the type of its tasks
	 * @param queue the queue
	 * @param tick when it was due
	 * @return what goes with it
	 */
	default CronFiring firing(String uuid, String type, String queue, Instant tick) {
		return CronFiring.NONE;
	}

	/** A tick became a task. */
	default void fired(String uuid, String taskId, Instant tick) {
	}

	/** A tick was left out, or waits, because the previous occurrence is not done. */
	default void overlapped(String uuid, Instant tick) {
	}

	/** Ticks were missed, and the misfire policy leaves out some or all of them. */
	default void missed(String uuid, Instant first, Instant last) {
	}

}
