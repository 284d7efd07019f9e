package io.taskqueue.wire;

import java.time.Instant;

/**
 * asynq's {@code SchedulerEnqueueEvent}: an occurrence in the history of a cron task.
 *
 * @param taskId the task's id
 * @param enqueueTime when it was enqueued
 */
public record SchedulerEnqueueEvent(String taskId, Instant enqueueTime) {

	/** Reads a record. */
	public static SchedulerEnqueueEvent decode(byte[] bytes) {
		return SchedulerCodec.decodeEvent(bytes);
	}

	/** Writes the record. */
	public byte[] encode() {
		return SchedulerCodec.encode(this);
	}

}
