package io.taskqueue.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.taskqueue.MisfirePolicy;
import io.taskqueue.OverlapPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A cron task as it is kept.
 *
 * @param uuid its uuid
 * @param owner who defines it: {@code annotation}, {@code properties},
 * {@code provider:<name>} or {@code registry}
 * @param expressions the expressions that count, with their zones
 * @param overridden whether they were changed at run time
 * @param type the type of its tasks
 * @param queue their queue
 * @param retry how many times one is tried again
 * @param timeout the limit of one attempt; zero for none
 * @param overlap its overlap policy
 * @param misfire its misfire policy
 * @param jitter its jitter
 * @param enabled whether it fires, retired or not
 * @param retired whether it does not fire because no live process defines it
 * @param next the next tick; {@code null} if there is none
 * @param previous the last tick that counts as fired; {@code null} if there is none
 */
public record CronTaskInfo(String uuid, String owner, List<String> expressions, boolean overridden, String type,
		String queue, int retry, Duration timeout, OverlapPolicy overlap, MisfirePolicy misfire, Duration jitter,
		boolean enabled, boolean retired, @Nullable Instant next, @Nullable Instant previous) {
}
