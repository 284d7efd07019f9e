/**
 * Cron expressions: what crontab, asynq, go-cinch and Spring users write, read once into
 * a {@link io.taskqueue.cron.CronSchedule} that knows its fire times. Has no clock.
 */
@NullMarked
package io.taskqueue.cron;

import org.jspecify.annotations.NullMarked;
