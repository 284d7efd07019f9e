package io.taskqueue.wire;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * asynq's {@code SchedulerEntry}: a cron task as the tools show it.
 *
 * @param id the entry's id
 * @param spec the expression
 * @param taskType the type of its tasks
 * @param taskPayload their payload; not copied
 * @param enqueueOptions how they are enqueued, as {@link GoOptions} writes it
 * @param next the next tick; {@code null} for none
 * @param previous the last tick; {@code null} for none
 */
public record SchedulerEntry(String id, String spec, String taskType, byte[] taskPayload, List<String> enqueueOptions,
		@Nullable Instant next, @Nullable Instant previous) {

	/** Reads a record. */
	public static SchedulerEntry decode(byte[] bytes) {
		return SchedulerCodec.decodeEntry(bytes);
	}

	/** Writes the record. */
	public byte[] encode() {
		return SchedulerCodec.encode(this);
	}

}
