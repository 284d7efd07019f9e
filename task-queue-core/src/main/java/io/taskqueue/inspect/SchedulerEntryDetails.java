package io.taskqueue.inspect;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A cron task, ours or of an asynq scheduler, as the scheduler that fires it reported it.
 *
 * @param id the entry's id, of ours {@code <namespace>:<uuid>}
 * @param scheduler who fires it
 * @param spec the expression
 * @param type the type of its tasks
 * @param payload their payload; not copied, do not change it
 * @param options how they are enqueued, in asynq's words, such as {@code Queue("low")};
 * unmodifiable
 * @param next the next tick; {@code null} for none
 * @param previous the last tick; {@code null} for none
 */
public record SchedulerEntryDetails(String id, String scheduler, String spec, String type, byte[] payload,
		List<String> options, @Nullable Instant next, @Nullable Instant previous) {
}
