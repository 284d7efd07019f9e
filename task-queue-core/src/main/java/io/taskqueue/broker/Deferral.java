package io.taskqueue.broker;

import java.time.Instant;

/**
 * How often, and since when, a task was put off because no handler for its type was
 * found.
 *
 * @param count how often in a row; 0 where so far only others have put it off
 * @param since when the row began, in whole milliseconds
 */
public record Deferral(int count, Instant since) {
}
