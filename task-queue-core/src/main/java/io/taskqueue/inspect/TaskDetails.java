package io.taskqueue.inspect;

import java.time.Instant;

import io.taskqueue.TaskInfo;
import io.taskqueue.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * A task as the inspector finds it: asynq's {@code TaskInfo}, and what only we know.
 *
 * @param queue the queue
 * @param id the task's id
 * @param state where the task is; {@code null} where a task that was looked for by its id
 * is in a state that asynq does not know
 * @param task the task; {@code null} where its record is missing or cannot be read
 * @param problem what is wrong with the task, in words; {@code null} where nothing is
 * @param since when it came to where it is: pending, aggregating, archived or completed;
 * {@code null} where nobody has noted it
 * @param keptUntil when a completed task will be deleted; {@code null} for others
 * @param owner which of our workers holds it, {@code host:pid:id} as in
 * {@link ServerDetails#token()}; {@code null} if none, or an asynq server does
 * @param leaseUntil until when the worker that holds it need not be heard of again;
 * {@code null} unless active
 * @param orphaned whether it is active and its lease is over or missing, so that its
 * worker has probably died
 * @param crashes how many workers in a row have died while they held it
 * @param deferrals how many times in a row it was put off for lack of a handler
 * @param deferredSince since when; {@code null} if it was not put off
 * @param cancelRequested whether somebody asked to cancel it while it runs
 * @param replaced whether a request to replace it waits for it to end
 */
public record TaskDetails(String queue, String id, @Nullable TaskState state, @Nullable TaskInfo task,
		@Nullable String problem, @Nullable Instant since, @Nullable Instant keptUntil, @Nullable String owner,
		@Nullable Instant leaseUntil, boolean orphaned, int crashes, int deferrals, @Nullable Instant deferredSince,
		boolean cancelRequested, boolean replaced) {
}
