package io.taskqueue.maintenance;

/**
 * Hears of tasks that were taken away from owners that are gone. Called on the thread of
 * the upkeep, so it must neither block nor throw.
 */
@FunctionalInterface
public interface RecoveryListener {

	/**
	 * A task was taken away; it is in its queue again, or archived.
	 * @param queue the queue
	 * @param id the task
	 */
	void recovered(String queue, String id);

}
