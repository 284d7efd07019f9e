package io.taskqueue.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import io.taskqueue.InvalidCronExpressionException;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.MisfirePolicy;
import io.taskqueue.OverlapPolicy;
import io.taskqueue.cron.CronSchedule;
import io.taskqueue.cron.CronTaskDefinition;
import io.taskqueue.cron.DstPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Options of one cron task, which win over those of its annotation; without one they are
 * its definition.
 *
 * @param expr when it fires; several expressions are separated by |
 * @param zone the zone of the expressions
 * @param type the type of its tasks, for which there is a handler
 * @param queue the queue of its tasks
 * @param payload their payload as it is stored, mostly JSON
 * @param retry how many times a failed occurrence is tried again
 * @param timeout the limit of one attempt
 * @param retention how long occurrences are kept after success
 * @param overlap what to do while the previous occurrence is not done
 * @param misfire what to do about ticks that nobody fired in time
 * @param jitter each occurrence runs at a random time within this after its tick
 * @param enabled whether it fires
 */
@ConfigurationPropertiesSource
record CronTaskProperties(@Nullable String expr, @Nullable ZoneId zone, @Nullable String type, @Nullable String queue,
		@Nullable String payload, @Nullable Integer retry, @Nullable Duration timeout, @Nullable Duration retention,
		@Nullable OverlapPolicy overlap, @Nullable MisfirePolicy misfire, @Nullable Duration jitter,
		@Nullable Boolean enabled) {

	/** Finds mistakes when the properties are bound, so that the key can be named. */
	void check(String uuid) {
		String key = key(uuid);
		if (this.expr != null) {
			try {
				CronSchedule.parse(expressions(this.expr), this.zone, ZoneOffset.UTC, DstPolicy.standard());
			}
			catch (InvalidCronExpressionException ex) {
				throw new InvalidConfigurationPropertyValueException(key + ".expr", this.expr,
						String.valueOf(ex.getMessage()), ex);
			}
		}
		try {
			over(CronTaskDefinition.of(uuid, "any", "@daily"));
		}
		catch (InvalidTaskException ex) {
			throw new InvalidConfigurationPropertyValueException(key, this, String.valueOf(ex.getMessage()), ex);
		}
	}

	CronTaskDefinition toDefinition(String uuid) {
		String key = key(uuid);
		if (this.expr == null || this.type == null) {
			throw new InvalidConfigurationPropertyValueException(key + ((this.expr == null) ? ".expr" : ".type"), null,
					"must be set, since no @CronTask method has this uuid");
		}
		return over(CronTaskDefinition.of(uuid, this.type, expressions(this.expr).toArray(String[]::new)));
	}

	CronTaskDefinition over(CronTaskDefinition definition) {
		return new CronTaskDefinition(definition.uuid(),
				(this.expr != null) ? expressions(this.expr) : definition.expressions(),
				first(this.zone, definition.zone()), (this.type != null) ? this.type : definition.type(),
				(this.payload != null) ? this.payload.getBytes(StandardCharsets.UTF_8) : definition.payload(),
				first(this.queue, definition.queue()), first(this.retry, definition.retry()),
				first(this.timeout, definition.timeout()), first(this.retention, definition.retention()),
				(this.overlap != null) ? this.overlap : definition.overlap(),
				(this.misfire != null) ? this.misfire : definition.misfire(),
				(this.jitter != null) ? this.jitter : definition.jitter(),
				(this.enabled != null) ? this.enabled : definition.enabled());
	}

	private static String key(String uuid) {
		return "task-queue.cron.tasks[" + uuid + "]";
	}

	private static List<String> expressions(String expr) {
		return List.of(expr.split("\\|"));
	}

	private static <T> @Nullable T first(@Nullable T higher, @Nullable T lower) {
		return (higher != null) ? higher : lower;
	}

}
