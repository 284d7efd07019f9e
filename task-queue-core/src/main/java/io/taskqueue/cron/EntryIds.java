package io.taskqueue.cron;

import java.time.Instant;

import io.taskqueue.wire.SchedulerEnqueueEvent;

/**
 * How asynq's tools call the cron tasks of a namespace: the same over restarts, and
 * different in different namespaces.
 */
record EntryIds(String namespace) {

	String of(String uuid) {
		return this.namespace + ":" + uuid;
	}

	SchedulerEnqueueEvent event(String taskId, long second) {
		return new SchedulerEnqueueEvent(taskId, Instant.ofEpochSecond(second));
	}

}
