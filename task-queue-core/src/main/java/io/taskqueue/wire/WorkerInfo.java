package io.taskqueue.wire;

import java.time.Instant;

/**
 * asynq's {@code WorkerInfo}: a running task as the tools show it.
 *
 * @param host the server's host
 * @param pid the server's process id
 * @param serverId the server's id
 * @param taskId the task's id
 * @param taskType the task's type
 * @param taskPayload the payload, or its beginning
 * @param queue the queue
 * @param startTime when the attempt started
 * @param deadline when it is interrupted
 */
public record WorkerInfo(String host, int pid, String serverId, String taskId, String taskType, byte[] taskPayload,
		String queue, Instant startTime, Instant deadline) {

	/** Reads a record. */
	public static WorkerInfo decode(byte[] bytes) {
		return FleetCodec.decodeWorker(bytes);
	}

	/** Writes the record. */
	public byte[] encode() {
		return FleetCodec.encode(this);
	}

}
