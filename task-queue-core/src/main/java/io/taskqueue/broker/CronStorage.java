package io.taskqueue.broker;

/**
 * Everything that cron tasks of a namespace need of the storage.
 *
 * @param tasks the definitions
 * @param occurrences what was fired
 * @param board what asynq's tools see
 */
public record CronStorage(CronBroker tasks, OccurrenceBroker occurrences, ScheduleBoard board) {
}
