package io.taskqueue;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Hears every few seconds whether Redis answers (asynq's {@code HealthCheckFunc}). Called
 * on a thread of its own; what it throws is logged and otherwise ignored.
 */
@FunctionalInterface
public interface HealthListener {

	/** Redis was asked for a sign of life; of a cluster, all its nodes. */
	void checked(Health health);

	/**
	 * The result of one check.
	 *
	 * @param error why Redis did not answer; {@code null} if it did
	 * @param took how long the answer or the failure took
	 */
	record Health(@Nullable TaskQueueException error, Duration took) {

		/** Tells whether Redis answered. */
		public boolean isUp() {
			return this.error == null;
		}

	}

}
