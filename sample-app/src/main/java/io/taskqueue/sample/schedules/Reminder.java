package io.taskqueue.sample.schedules;

/**
 * What to remind somebody of.
 *
 * @param to whom
 * @param text of what
 */
record Reminder(String to, String text) {
}
