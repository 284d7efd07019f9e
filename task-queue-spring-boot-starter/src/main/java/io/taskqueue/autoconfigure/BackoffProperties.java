package io.taskqueue.autoconfigure;

import java.time.Duration;

import io.taskqueue.RetryDelay;

import org.springframework.boot.context.properties.bind.DefaultValue;

import static io.taskqueue.autoconfigure.PropertyRules.require;
import static io.taskqueue.autoconfigure.PropertyRules.requirePositive;

/**
 * The wait between attempts.
 *
 * @param type how it grows: exponential, fixed, or asynq for asynq's formula, which uses
 * none of the other values
 * @param initial the first wait, and every wait where the type is fixed
 * @param multiplier the factor from one wait to the next
 * @param max the longest wait, before jitter
 * @param jitter the share of a wait, from 0 to 1, by which it may be shorter or longer
 */
record BackoffProperties(@DefaultValue("exponential") Type type, @DefaultValue("10s") Duration initial,
		@DefaultValue("2") double multiplier, @DefaultValue("1h") Duration max, @DefaultValue("0.2") double jitter) {

	/** How the wait grows. */
	enum Type {

		EXPONENTIAL, FIXED, ASYNQ

	}

	BackoffProperties {
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
