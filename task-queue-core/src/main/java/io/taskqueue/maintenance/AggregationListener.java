package io.taskqueue.maintenance;

import java.time.Instant;

/**
 * Hears what becomes of tasks in aggregation groups, for meters and alarms. Called on the
 * threads that merge, so it must not block; what it throws is logged and otherwise
 * ignored.
 */
public interface AggregationListener {

	/**
	 * Tasks were merged.
	 * @param queue the queue
	 * @param group the group
	 * @param tasks how many there were
	 * @param id the task that has taken their place
	 */
	default void merged(String queue, String group, int tasks, String id) {
	}

	/**
	 * Tasks could not be merged, and went back to their group.
	 * @param queue the queue
	 * @param group the group
	 * @param error why
	 * @param until until when the group is left alone
	 */
	default void failed(String queue, String group, Throwable error, Instant until) {
	}

	/**
	 * A task's payload could not be read, so it was archived.
	 * @param queue the queue
	 * @param group the group
	 * @param id the task
	 * @param error why
	 */
	default void rejected(String queue, String group, String id, Throwable error) {
	}

	/**
	 * What was merged was dropped, since the tasks had gone back to their group: the
	 * aggregator took longer than two minutes.
	 * @param queue the queue
	 * @param group the group
	 */
	default void lost(String queue, String group) {
	}

}
