/**
 * Cron tasks: a report by annotation, a heartbeat by configuration, reminders over HTTP.
 */
@NullMarked
package io.taskqueue.sample.schedules;

import org.jspecify.annotations.NullMarked;
