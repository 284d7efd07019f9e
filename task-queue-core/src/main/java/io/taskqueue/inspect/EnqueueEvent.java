package io.taskqueue.inspect;

import java.time.Instant;

/**
 * An occurrence of a cron task.
 *
 * @param taskId the id of the task
 * @param at when it was enqueued
 */
public record EnqueueEvent(String taskId, Instant at) {
}
