package io.taskqueue.broker;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is stored of a task, read but not judged: anybody may have written it. Everything
 * but queue and id is {@code null} where it is absent, or is not what it should be.
 *
 * @param queue the queue
 * @param id the task's id
 * @param foreign the type of what is stored in place of a task
 * @param message the record, undecoded
 * @param state the name of the state
 * @param score the score in the state's sorted set, as text; of an active task, the lease
 * @param due the exact due time, where the score is of the same second
 * @param pendingSince when it became pending
 * @param result the result
 * @param owner which of our workers holds it
 * @param crashes how many workers in a row have died with it
 * @param deferral how often it was put off, by whomsoever
 * @param cancelRequested whether it shall be cancelled
 * @param replaced whether a request waits for it to end
 */
public record StoredTask(String queue, String id, @Nullable String foreign, byte @Nullable [] message,
		@Nullable String state, @Nullable String score, @Nullable Instant due, @Nullable Instant pendingSince,
		byte @Nullable [] result, @Nullable String owner, int crashes, @Nullable Deferral deferral,
		boolean cancelRequested, boolean replaced) {
}
