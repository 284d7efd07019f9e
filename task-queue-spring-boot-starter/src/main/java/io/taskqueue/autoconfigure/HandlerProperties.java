package io.taskqueue.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;

import io.taskqueue.RetryDelay;
import io.taskqueue.TaskOptions;
import io.taskqueue.handler.Backoff;
import io.taskqueue.handler.Handler.Policy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import static io.taskqueue.autoconfigure.PropertyRules.require;
import static io.taskqueue.autoconfigure.PropertyRules.requireNotNegative;
import static io.taskqueue.autoconfigure.PropertyRules.requireQueue;

/**
 * Options of one task type, which win over those of its handler's annotation.
 *
 * @param queue the queue that tasks of this type go to
 * @param retry how many times a failed task is tried again
 * @param timeout the limit of one attempt; 0s for none
 * @param retention how long a task is kept after success
 * @param backoff the wait between attempts: a duration, exponential(10s, 2, 1h) or asynq
 * @param concurrency how many of these tasks one worker runs at once; 0 for no limit of
 * their own
 * @param totalConcurrency how many of these tasks run at once on all servers together; 0
 * for no limit
 * @param noRetryFor exceptions after which a task is archived without another attempt,
 * also as causes; they take the place of the annotation's
 * @param executor the Executor bean that runs these tasks in place of the worker's
 * threads
 */
@ConfigurationPropertiesSource
record HandlerProperties(@Nullable String queue, @Nullable Integer retry, @Nullable Duration timeout,
		@Nullable Duration retention, @Nullable String backoff, @Nullable Integer concurrency,
		@Nullable Integer totalConcurrency, @Nullable List<Class<? extends Throwable>> noRetryFor,
		@Nullable String executor) {

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
					String.valueOf(ex.getMessage()));
		}
	}

	/** Returns what is configured for enqueuing. */
	TaskOptions toTaskOptions() {
		return new TaskOptions(null, this.queue, null, null, this.retry, this.timeout, null, this.retention, null, null,
				null, Map.of(), null);
	}

	/**
	 * Returns the policy with what is configured in place of its own.
	 * @param executors returns the executor of a name
	 */
	Policy over(Policy policy, Function<String, Executor> executors) {
		RetryDelay delay = retryDelay();
		return new Policy(toTaskOptions().orElse(policy.defaults()), (delay != null) ? delay : policy.retryDelay(),
				(this.noRetryFor != null) ? List.copyOf(this.noRetryFor) : policy.noRetryFor(),
				(this.concurrency != null) ? this.concurrency : policy.concurrency(),
				(this.totalConcurrency != null) ? this.totalConcurrency : policy.totalConcurrency(),
				(this.executor != null) ? executors.apply(this.executor) : policy.executor());
	}

	private @Nullable RetryDelay retryDelay() {
		return (this.backoff != null) ? Backoff.parse(this.backoff) : null;
	}

}
