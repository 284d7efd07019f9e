/**
 * Cron expressions: what crontab, asynq, go-cinch and Spring users write, read once into
 * a {@link io.taskqueue.cron.CronSchedule} that knows its fire times; and cron tasks,
 * which the {@link io.taskqueue.cron.CronTaskRegistry} keeps and one elected
 * {@link io.taskqueue.cron.CronScheduler} of a namespace fires.
 */
@NullMarked
package io.taskqueue.cron;

import org.jspecify.annotations.NullMarked;
