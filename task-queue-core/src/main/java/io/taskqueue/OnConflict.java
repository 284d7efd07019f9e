package io.taskqueue;

/**
 * What to do when a task with the requested id exists. Completed tasks that are merely
 * retained never stand in the way (in asynq they do), nor do archived ones, except for
 * {@link #FAIL}.
 */
public enum OnConflict {

	/** Refuse the new task. The default. */
	FAIL,
	/** Keep the waiting or running task and forget the request. */
	KEEP,
	/**
	 * Exchange a waiting task for the new one. Where the task is running, the request
	 * runs after it; of several such requests only the newest.
	 */
	REPLACE

}
