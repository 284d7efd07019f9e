package io.taskqueue.broker;

import java.time.Duration;
import java.util.List;

import io.taskqueue.wire.SchedulerEnqueueEvent;
import io.taskqueue.wire.SchedulerEntry;

/**
 * Where asynq's tools look for schedules and their history.
 */
public interface ScheduleBoard {

	/**
	 * Shows entries in place of those shown before.
	 * @param scheduler who shows them
	 * @param lasts how long
	 */
	void show(String scheduler, List<SchedulerEntry> entries, Duration lasts);

	/** Shows what is shown for longer. */
	void prolong(String scheduler, Duration lasts);

	/** Shows nothing any more. */
	void clear(String scheduler);

	/** Notes an occurrence in an entry's history, of which the last thousand are kept. */
	void note(String entryId, SchedulerEnqueueEvent event);

	/** Returns an entry's history, newest first. */
	List<SchedulerEnqueueEvent> history(String entryId, int limit);

	/** Deletes an entry's history. */
	void forget(String entryId);

}
