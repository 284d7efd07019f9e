package io.taskqueue.inspect;

import java.time.LocalDate;

/**
 * What a queue did on one day.
 *
 * @param day the day, in UTC
 * @param processed how many attempts ended, failed ones included
 * @param failed how many of them failed
 */
public record DailyStatistics(LocalDate day, long processed, long failed) {
}
