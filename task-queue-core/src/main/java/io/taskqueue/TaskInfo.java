package io.taskqueue;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A task as it was stored, at the moment of the answer.
 *
 * @param id the task's id, unique within the queue
 * @param type the task's type
 * @param queue the queue
 * @param state where the task is; {@code null} after {@link Enqueued#AFTER_COMMIT}, when
 * it is nowhere yet
 * @param enqueued what the enqueue did that this info answers; {@code null} where it was
 * merely read. After {@link Enqueued#KEPT} only id, queue and state speak of the kept
 * task, everything else of the request
 * @param payload the payload's bytes; not copied, do not change them
 * @param headers the headers; unmodifiable
 * @param maxRetry how many retries the task is allowed
 * @param retried how many it has used
 * @param timeout the limit of one attempt; zero for none
 * @param deadline when the task must be done; {@code null} for no deadline
 * @param retention how long the task is kept after success; zero for not at all
 * @param nextProcessAt when it runs next: now for a pending task, {@code null} for one
 * that is not waiting
 * @param lastError the error of the last failed attempt; {@code null} for none
 * @param lastFailedAt when it failed; {@code null} for never
 * @param completedAt when it was completed; {@code null} unless completed
 * @param group the aggregation group; {@code null} for none
 * @param result the result; {@code null} for none
 */
public record TaskInfo(String id, String type, String queue, @Nullable TaskState state, @Nullable Enqueued enqueued,
		byte[] payload, Map<String, String> headers, int maxRetry, int retried, Duration timeout,
		@Nullable Instant deadline, Duration retention, @Nullable Instant nextProcessAt, @Nullable String lastError,
		@Nullable Instant lastFailedAt, @Nullable Instant completedAt, @Nullable String group,
		byte @Nullable [] result) {
}
