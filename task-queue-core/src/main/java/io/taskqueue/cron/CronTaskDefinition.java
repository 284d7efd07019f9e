package io.taskqueue.cron;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import io.taskqueue.InvalidCronExpressionException;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.MisfirePolicy;
import io.taskqueue.OverlapPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What to enqueue periodically, and when. Immutable; checks itself when built.
 *
 * @param uuid names the cron task within the namespace, for good: letters, digits and
 * {@code . _ : -}, at most 200
 * @param expressions at least one expression, see {@link CronSchedule}; it fires when any
 * of them does
 * @param zone the zone of all expressions; {@code null}: their prefix, or else the
 * scheduler's zone
 * @param type the type of the tasks
 * @param payload their payload; {@code null} for none
 * @param queue their queue; unset as with other tasks of the type
 * @param retry how many times one is tried again; unset as with other tasks of the type
 * @param timeout the limit of one attempt; unset as with other tasks of the type
 * @param retention how long one is kept after success; unset as with other tasks of the
 * type
 * @param overlap what to do while the previous occurrence is not done
 * @param misfire what to do about ticks that nobody fired in time
 * @param jitter each occurrence runs at a random time within this after its tick; at most
 * a day
 * @param enabled whether it fires, unless that is switched at run time
 */
public record CronTaskDefinition(String uuid, List<String> expressions, @Nullable ZoneId zone, String type,
		@Nullable Object payload, @Nullable String queue, @Nullable Integer retry, @Nullable Duration timeout,
		@Nullable Duration retention, OverlapPolicy overlap, MisfirePolicy misfire, Duration jitter, boolean enabled) {

	private static final Duration LONGEST_JITTER = Duration.ofDays(1);

	/**
	 * Checks the definition.
	 * @throws InvalidCronExpressionException if an expression cannot be read or never
	 * fires
	 * @throws InvalidTaskException naming the cron task and what else is wrong
	 */
	public CronTaskDefinition {
		if (!uuid.matches("[A-Za-z0-9._:-]{1,200}")) {
			throw new InvalidTaskException(
					"uuid of a cron task must be 1 to 200 letters, digits and . _ : -, was '%s'".formatted(uuid));
		}
		expressions = List.copyOf(expressions);
		CronSchedule.parse(expressions, zone, ZoneOffset.UTC, DstPolicy.standard());
		require(!type.isBlank(), uuid, "type must not be blank", type);
		require(retry == null || retry >= 0, uuid, "retry must not be negative", retry);
		require(timeout == null || !timeout.isNegative(), uuid, "timeout must not be negative", timeout);
		require(retention == null || !retention.isNegative(), uuid, "retention must not be negative", retention);
		require(!jitter.isNegative() && jitter.compareTo(LONGEST_JITTER) <= 0, uuid,
				"jitter must not be negative, and at most a day", jitter);
	}

	private static void require(boolean condition, String uuid, String rule, @Nullable Object value) {
		if (!condition) {
			throw new InvalidTaskException("cron task '%s': %s, was %s".formatted(uuid, rule, value));
		}
	}

	/** Returns an enabled definition with nothing else set. */
	public static CronTaskDefinition of(String uuid, String type, String... expressions) {
		return new CronTaskDefinition(uuid, List.of(expressions), null, type, null, null, null, null, null,
				OverlapPolicy.SKIP, MisfirePolicy.FIRE_ONCE, Duration.ZERO, true);
	}

	/** Returns a copy with the zone. */
	public CronTaskDefinition withZone(ZoneId zone) {
		return new CronTaskDefinition(this.uuid, this.expressions, zone, this.type, this.payload, this.queue,
				this.retry, this.timeout, this.retention, this.overlap, this.misfire, this.jitter, this.enabled);
	}

	/** Returns a copy with the payload. */
	public CronTaskDefinition withPayload(@Nullable Object payload) {
		return new CronTaskDefinition(this.uuid, this.expressions, this.zone, this.type, payload, this.queue,
				this.retry, this.timeout, this.retention, this.overlap, this.misfire, this.jitter, this.enabled);
	}

	/** Returns a copy with the queue. */
	public CronTaskDefinition withQueue(String queue) {
		return new CronTaskDefinition(this.uuid, this.expressions, this.zone, this.type, this.payload, queue,
				this.retry, this.timeout, this.retention, this.overlap, this.misfire, this.jitter, this.enabled);
	}

	/** Returns a copy with the number of retries. */
	public CronTaskDefinition withRetry(int retry) {
		return new CronTaskDefinition(this.uuid, this.expressions, this.zone, this.type, this.payload, this.queue,
				retry, this.timeout, this.retention, this.overlap, this.misfire, this.jitter, this.enabled);
	}

	/** Returns a copy with the limit of one attempt. */
	public CronTaskDefinition withTimeout(Duration timeout) {
		return new CronTaskDefinition(this.uuid, this.expressions, this.zone, this.type, this.payload, this.queue,
				this.retry, timeout, this.retention, this.overlap, this.misfire, this.jitter, this.enabled);
	}

	/** Returns a copy with the retention. */
	public CronTaskDefinition withRetention(Duration retention) {
		return new CronTaskDefinition(this.uuid, this.expressions, this.zone, this.type, this.payload, this.queue,
				this.retry, this.timeout, retention, this.overlap, this.misfire, this.jitter, this.enabled);
	}

	/** Returns a copy with the overlap policy. */
	public CronTaskDefinition withOverlap(OverlapPolicy overlap) {
		return new CronTaskDefinition(this.uuid, this.expressions, this.zone, this.type, this.payload, this.queue,
				this.retry, this.timeout, this.retention, overlap, this.misfire, this.jitter, this.enabled);
	}

	/** Returns a copy with the misfire policy. */
	public CronTaskDefinition withMisfire(MisfirePolicy misfire) {
		return new CronTaskDefinition(this.uuid, this.expressions, this.zone, this.type, this.payload, this.queue,
				this.retry, this.timeout, this.retention, this.overlap, misfire, this.jitter, this.enabled);
	}

	/** Returns a copy with the jitter. */
	public CronTaskDefinition withJitter(Duration jitter) {
		return new CronTaskDefinition(this.uuid, this.expressions, this.zone, this.type, this.payload, this.queue,
				this.retry, this.timeout, this.retention, this.overlap, this.misfire, jitter, this.enabled);
	}

	/** Returns a copy that is enabled or not. */
	public CronTaskDefinition withEnabled(boolean enabled) {
		return new CronTaskDefinition(this.uuid, this.expressions, this.zone, this.type, this.payload, this.queue,
				this.retry, this.timeout, this.retention, this.overlap, this.misfire, this.jitter, enabled);
	}

}
