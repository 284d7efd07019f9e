package io.taskqueue.sample.login;

import java.time.Instant;

/**
 * The payload of {@code login.failed}.
 *
 * @param username who tried
 * @param wrong how many wrong passwords there have been
 * @param at when the last one was given
 */
record LoginFailed(String username, int wrong, Instant at) {
}
