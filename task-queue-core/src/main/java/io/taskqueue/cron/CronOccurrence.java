package io.taskqueue.cron;

import java.time.Instant;

/**
 * A time that a cron task was fired.
 *
 * @param taskId the id of the task
 * @param at when it was enqueued, in whole seconds
 */
public record CronOccurrence(String taskId, Instant at) {
}
