package io.taskqueue.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * asynq's {@code TaskMessage}: what the hash field {@code msg} of a task holds. All times
 * are whole Unix seconds, all durations whole seconds; zero and empty mean unset, as in
 * proto3.
 *
 * @param type the task's type
 * @param payload the payload; not copied
 * @param id the task's id
 * @param queue the queue's name
 * @param retry how many retries are allowed
 * @param retried how many were used
 * @param errorMsg the last error
 * @param timeout the limit of one attempt
 * @param deadline when the task must be done
 * @param uniqueKey the full key of the unique lock
 * @param lastFailedAt when the last attempt failed
 * @param retention how long to keep the task after success
 * @param completedAt when it was completed
 * @param groupKey the aggregation group
 * @param headers free metadata; lost when an asynq server below 0.26 rewrites the record
 */
public record TaskMessage(String type, byte[] payload, String id, String queue, int retry, int retried, String errorMsg,
		long timeout, long deadline, String uniqueKey, long lastFailedAt, long retention, long completedAt,
		String groupKey, Map<String, String> headers) {

	/**
	 * Reads a record. Unknown fields are skipped.
	 * @param bytes a protobuf record
	 * @throws IllegalArgumentException when the bytes are not such a record
	 */
	public static TaskMessage decode(byte[] bytes) {
		return TaskMessageCodec.decode(bytes);
	}

	/**
	 * Writes the record, fields in ascending order. Text that is not valid UTF-16 is
	 * mended so that Go accepts it.
	 */
	public byte[] encode() {
		return TaskMessageCodec.encode(this);
	}

	/** Returns the record of another task with the same content. */
	public TaskMessage withId(String id) {
		return new TaskMessage(this.type, this.payload, id, this.queue, this.retry, this.retried, this.errorMsg,
				this.timeout, this.deadline, this.uniqueKey, this.lastFailedAt, this.retention, this.completedAt,
				this.groupKey, this.headers);
	}

	/** Returns the record with headers added; those of the same names are replaced. */
	public TaskMessage withHeaders(Map<String, String> added) {
		Map<String, String> headers = new LinkedHashMap<>(this.headers);
		headers.putAll(added);
		return new TaskMessage(this.type, this.payload, this.id, this.queue, this.retry, this.retried, this.errorMsg,
				this.timeout, this.deadline, this.uniqueKey, this.lastFailedAt, this.retention, this.completedAt,
				this.groupKey, headers);
	}

	/** Returns the record with another payload, and the lock that goes with it. */
	public TaskMessage withPayload(byte[] payload, String uniqueKey) {
		return new TaskMessage(this.type, payload, this.id, this.queue, this.retry, this.retried, this.errorMsg,
				this.timeout, this.deadline, uniqueKey, this.lastFailedAt, this.retention, this.completedAt,
				this.groupKey, this.headers);
	}

	/** Returns the record after a failed attempt that used a retry. */
	public TaskMessage failed(String error, long at) {
		return failure(this.retried + 1, error, at);
	}

	/** Returns the record after a failed attempt that used no retry. */
	public TaskMessage failedUncounted(String error, long at) {
		return failure(this.retried, error, at);
	}

	/** Returns the record after success. */
	public TaskMessage completed(long at) {
		return new TaskMessage(this.type, this.payload, this.id, this.queue, this.retry, this.retried, this.errorMsg,
				this.timeout, this.deadline, this.uniqueKey, this.lastFailedAt, this.retention, at, this.groupKey,
				this.headers);
	}

	private TaskMessage failure(int retried, String error, long at) {
		return new TaskMessage(this.type, this.payload, this.id, this.queue, this.retry, retried, error, this.timeout,
				this.deadline, this.uniqueKey, at, this.retention, this.completedAt, this.groupKey, this.headers);
	}

}
