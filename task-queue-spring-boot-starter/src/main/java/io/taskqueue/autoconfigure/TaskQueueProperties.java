package io.taskqueue.autoconfigure;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import io.taskqueue.RetryDelay;
import io.taskqueue.TaskOptions;
import io.taskqueue.cron.CronOptions;
import io.taskqueue.cron.DstPolicy;
import io.taskqueue.handler.Backoff;
import io.taskqueue.handler.Handler.Policy;
import io.taskqueue.worker.WorkerOptions.OnCancel;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Everything under {@code task-queue}. Values out of range are refused when they are
 * bound, with a message that names the property.
 *
 * @param enabled whether tasks are enqueued and worked on at all
 * @param namespace separates what applications keep beside their queues in one Redis;
 * unset: spring.application.name, or else 'default'
 * @param defaultQueue the queue of tasks for which nothing else names one, and the one
 * that is worked on unless task-queue.worker.queues names others
 * @param defaults how tasks are enqueued unless the call, task-queue.handlers or the
 * annotation say otherwise
 * @param client how tasks are sent to Redis
 * @param redis the connections that task queues make for themselves
 * @param archive how much the archive of a queue keeps
 * @param worker how tasks are worked on
 * @param scheduler how cron tasks are fired
 * @param cron cron tasks
 * @param handlers options by task type or by the type that a handler is declared for;
 * they win over the annotation. Types with dots are written in brackets:
 * handlers[login.failed].retry
 */
@ConfigurationProperties("task-queue")
record TaskQueueProperties(@DefaultValue("true") boolean enabled, @Nullable String namespace,
		@DefaultValue("default") String defaultQueue, @DefaultValue Defaults defaults, @DefaultValue Client client,
		@DefaultValue Redis redis, @DefaultValue Archive archive, @DefaultValue Worker worker,
		@DefaultValue Scheduler scheduler, @DefaultValue Cron cron,
		@DefaultValue Map<String, HandlerOptions> handlers) {

	/**
	 * What the client accepts; found here already, so that the application does not
	 * start.
	 */
	private static final String QUEUE = "[A-Za-z0-9._:-]+";

	private static final Duration LONGEST = Duration.ofDays(36_500);

	TaskQueueProperties {
		requireQueue("default-queue", defaultQueue);
		require(namespace == null || namespace.matches("[^{}]*[^{}\\s][^{}]*"), "namespace", namespace,
				"must not be blank or contain braces");
		handlers.forEach((type, options) -> options.check("handlers[" + type + "]"));
		handlers = Collections.unmodifiableMap(new LinkedHashMap<>(handlers));
	}

	private static void require(boolean condition, String property, @Nullable Object value, String rule) {
		if (!condition) {
			throw new InvalidConfigurationPropertyValueException("task-queue." + property, value, rule);
		}
	}

	private static void requireQueue(String property, String queue) {
		require(queue.matches(QUEUE), property, queue, "may hold letters, digits and . _ : - only");
	}

	private static void requirePositive(String property, Duration value) {
		require(value.toMillis() > 0 && value.compareTo(LONGEST) <= 0, property, value,
				"must be at least a millisecond and at most 36500 days");
	}

	private static void requireNotNegative(String property, Duration value) {
		require(!value.isNegative() && value.compareTo(LONGEST) <= 0, property, value,
				"must not be negative, and at most 36500 days");
	}

	/**
	 * How tasks are enqueued unless something closer to the call says otherwise.
	 *
	 * @param retry how many times a failed task is tried again
	 * @param timeout the limit of one attempt
	 * @param retention how long a task is kept after success
	 */
	record Defaults(@DefaultValue("10") int retry, @DefaultValue("30m") Duration timeout,
			@DefaultValue("0s") Duration retention) {

		Defaults {
			require(retry >= 0, "defaults.retry", retry, "must not be negative");
			require(timeout.toSeconds() >= 1 && timeout.compareTo(LONGEST) <= 0, "defaults.timeout", timeout,
					"must be at least a second and at most 36500 days");
			requireNotNegative("defaults.retention", retention);
		}

	}

	/**
	 * How tasks are sent to Redis.
	 *
	 * @param timeout how long an enqueue waits for Redis
	 * @param maxPayload the largest payload
	 * @param maxHeaders the largest total of all header names and values of a task
	 */
	record Client(@DefaultValue("2s") Duration timeout, @DefaultValue("1MB") DataSize maxPayload,
			@DefaultValue("8KB") DataSize maxHeaders) {

		Client {
			requirePositive("client.timeout", timeout);
			require(maxPayload.toBytes() > 0 && maxPayload.toBytes() <= Integer.MAX_VALUE, "client.max-payload",
					maxPayload, "must be at least a byte and below 2GB");
			require(maxHeaders.toBytes() >= 0 && maxHeaders.toBytes() <= Integer.MAX_VALUE, "client.max-headers",
					maxHeaders, "must not be negative, and below 2GB");
		}

	}

	/**
	 * The connections that task queues make for themselves, to the Redis of
	 * spring.data.redis.
	 *
	 * @param connections how many scripts may run at a time over Jedis; Lettuce needs one
	 * connection for all
	 * @param connectTimeout the limit for making a connection to Redis
	 * @param commandTimeout the limit for an answer of Redis
	 * @param healthInterval how often HealthListener beans and listeners of
	 * RedisHealthEvent are told whether Redis answers
	 */
	record Redis(@DefaultValue("8") int connections, @DefaultValue("2s") Duration connectTimeout,
			@DefaultValue("2s") Duration commandTimeout, @DefaultValue("15s") Duration healthInterval) {

		Redis {
			require(connections >= 1, "redis.connections", connections, "must be at least 1");
			requirePositive("redis.connect-timeout", connectTimeout);
			requirePositive("redis.command-timeout", commandTimeout);
			requirePositive("redis.health-interval", healthInterval);
		}

	}

	/**
	 * How much the archive of a queue keeps: tasks that will not run again.
	 *
	 * @param size how many tasks the archive of a queue keeps
	 * @param age for how long archived tasks are kept
	 */
	record Archive(@DefaultValue("10000") int size, @DefaultValue("90d") Duration age) {

		Archive {
			require(size >= 1, "archive.size", size, "must be at least 1");
			require(age.toSeconds() >= 1, "archive.age", age, "must be at least a second");
		}

	}

	/**
	 * How tasks are worked on.
	 *
	 * @param enabled whether this application works on tasks; one that does not only
	 * enqueues
	 * @param queues the queues to work on, with their weights; a name with a star stands
	 * for all queues that match it and is written in brackets: queues[tenant-*]; unset:
	 * the default queue
	 * @param strict whether a queue is only touched while those of greater weight are
	 * empty; otherwise they share by weight
	 * @param concurrency how many handlers run at once; unset: as many as there are
	 * processors, but at least 10
	 * @param shutdownTimeout how long running tasks may go on when the application stops,
	 * before they are interrupted
	 * @param interruptGrace how long an interrupted handler may take to return before its
	 * task is settled without it
	 * @param onCancel what becomes of a running task that is cancelled
	 * @param backoff the wait between attempts, unless the handler has its own
	 */
	record Worker(@DefaultValue("true") boolean enabled, @DefaultValue Map<String, Integer> queues,
			@DefaultValue("false") boolean strict, @Nullable Integer concurrency,
			@DefaultValue("8s") Duration shutdownTimeout, @DefaultValue("5s") Duration interruptGrace,
			@DefaultValue("archive") OnCancel onCancel, @DefaultValue BackoffOptions backoff) {

		Worker {
			queues.forEach((queue, weight) -> {
				require(!queue.isBlank(), "worker.queues", queue, "must not hold a blank name");
				require(weight >= 1, "worker.queues[" + queue + "]", weight, "must be at least 1");
			});
			queues = Collections.unmodifiableMap(new LinkedHashMap<>(queues));
			require(concurrency == null || concurrency >= 1, "worker.concurrency", concurrency, "must be at least 1");
			requireNotNegative("worker.shutdown-timeout", shutdownTimeout);
			requireNotNegative("worker.interrupt-grace", interruptGrace);
		}

	}

	/**
	 * How cron tasks are fired.
	 *
	 * @param enabled whether this application defines its cron tasks and stands for
	 * election to fire those of the namespace
	 * @param zone the zone of expressions that name none
	 * @param lease how long a leader leads without renewing, and so the longest pause
	 * after its death
	 * @param misfireThreshold how late a tick may be fired before the misfire policy
	 * counts
	 * @param syncInterval how often cron task providers are asked
	 * @param dst what becomes of fire times when the clocks change
	 */
	record Scheduler(@DefaultValue("true") boolean enabled, @DefaultValue("UTC") ZoneId zone,
			@DefaultValue("15s") Duration lease, @DefaultValue("60s") Duration misfireThreshold,
			@DefaultValue("3m") Duration syncInterval, @DefaultValue Dst dst) {

		Scheduler {
			require(lease.toSeconds() >= 1 && lease.toHours() < 1, "scheduler.lease", lease,
					"must be at least a second and below an hour");
			requireNotNegative("scheduler.misfire-threshold", misfireThreshold);
			require(syncInterval.toSeconds() >= 1, "scheduler.sync-interval", syncInterval,
					"must be at least a second");
		}

		CronOptions toCronOptions() {
			return new CronOptions(this.zone, new DstPolicy(this.dst.gap(), this.dst.overlap()), this.lease,
					this.misfireThreshold, this.syncInterval);
		}

	}

	/**
	 * What becomes of fire times when the clocks change.
	 *
	 * @param gap of times that the clocks skip: shift to the moment of the change, or
	 * skip
	 * @param overlap of times that the clocks show twice: once or twice
	 */
	record Dst(@DefaultValue("shift") DstPolicy.Gap gap, @DefaultValue("once") DstPolicy.Overlap overlap) {
	}

	/**
	 * Cron tasks.
	 *
	 * @param tasks cron tasks by uuid; for those of @CronTask methods, what wins over the
	 * annotation. Uuids with dots are written in brackets: cron.tasks[report.daily].expr
	 */
	record Cron(@DefaultValue Map<String, CronTaskProperties> tasks) {

		Cron {
			tasks.forEach((uuid, options) -> options.check(uuid));
			tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
		}

	}

	/**
	 * The wait between attempts.
	 *
	 * @param type how it grows: exponential, fixed, or asynq for asynq's formula, which
	 * uses none of the other values
	 * @param initial the first wait, and every wait where the type is fixed
	 * @param multiplier the factor from one wait to the next
	 * @param max the longest wait, before jitter
	 * @param jitter the share of a wait, from 0 to 1, by which it may be shorter or
	 * longer
	 */
	record BackoffOptions(@DefaultValue("exponential") Type type, @DefaultValue("10s") Duration initial,
			@DefaultValue("2") double multiplier, @DefaultValue("1h") Duration max,
			@DefaultValue("0.2") double jitter) {

		/** How the wait grows. */
		enum Type {

			EXPONENTIAL, FIXED, ASYNQ

		}

		BackoffOptions {
			requirePositive("worker.backoff.initial", initial);
			require(multiplier >= 1, "worker.backoff.multiplier", multiplier, "must be at least 1");
			require(type != Type.EXPONENTIAL || max.compareTo(initial) >= 0, "worker.backoff.max", max,
					"must not be below worker.backoff.initial, which is " + initial);
			require(jitter >= 0 && jitter <= 1, "worker.backoff.jitter", jitter, "must lie between 0 and 1");
		}

		RetryDelay toRetryDelay() {
			return switch (this.type) {
				case EXPONENTIAL -> RetryDelay.exponential(this.initial, this.multiplier, this.max, this.jitter);
				case FIXED -> RetryDelay.fixed(this.initial);
				case ASYNQ -> RetryDelay.asynq();
			};
		}

	}

	/**
	 * Options of one task type, which win over those of its handler's annotation.
	 *
	 * @param queue the queue that tasks of this type go to
	 * @param retry how many times a failed task is tried again
	 * @param timeout the limit of one attempt; 0s for none
	 * @param retention how long a task is kept after success
	 * @param backoff the wait between attempts: a duration, exponential(10s, 2, 1h) or
	 * asynq
	 * @param concurrency how many of these tasks one worker runs at once; 0 for no limit
	 * of their own
	 * @param totalConcurrency how many of these tasks run at once on all servers
	 * together; 0 for no limit
	 */
	record HandlerOptions(@Nullable String queue, @Nullable Integer retry, @Nullable Duration timeout,
			@Nullable Duration retention, @Nullable String backoff, @Nullable Integer concurrency,
			@Nullable Integer totalConcurrency) {

		void check(String prefix) {
			if (this.queue != null) {
				requireQueue(prefix + ".queue", this.queue);
			}
			require(this.retry == null || this.retry >= 0, prefix + ".retry", this.retry, "must not be negative");
			if (this.timeout != null) {
				requireNotNegative(prefix + ".timeout", this.timeout);
			}
			if (this.retention != null) {
				requireNotNegative(prefix + ".retention", this.retention);
			}
			require(this.concurrency == null || this.concurrency >= 0, prefix + ".concurrency", this.concurrency,
					"must not be negative");
			require(this.totalConcurrency == null || this.totalConcurrency >= 0, prefix + ".total-concurrency",
					this.totalConcurrency, "must not be negative");
			try {
				retryDelay();
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidConfigurationPropertyValueException("task-queue." + prefix + ".backoff", this.backoff,
						String.valueOf(ex.getMessage()), ex);
			}
		}

		/** Returns what is configured for enqueuing. */
		TaskOptions toTaskOptions() {
			return new TaskOptions(null, this.queue, null, null, this.retry, this.timeout, null, this.retention, null,
					null, null, Map.of());
		}

		/** Returns the policy with what is configured in place of its own. */
		Policy over(Policy policy) {
			RetryDelay delay = retryDelay();
			return new Policy(toTaskOptions().orElse(policy.defaults()), (delay != null) ? delay : policy.retryDelay(),
					policy.noRetryFor(), (this.concurrency != null) ? this.concurrency : policy.concurrency(),
					(this.totalConcurrency != null) ? this.totalConcurrency : policy.totalConcurrency());
		}

		private @Nullable RetryDelay retryDelay() {
			return (this.backoff != null) ? Backoff.parse(this.backoff) : null;
		}

	}

}
