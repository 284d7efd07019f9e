package io.taskqueue.worker;

import java.time.Instant;

import io.taskqueue.broker.Deferral;
import io.taskqueue.worker.WorkerListener.Ending;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a task after an attempt.
 */
sealed interface Outcome {

	/** Returns how listeners call it. */
	Ending ending();

	/**
	 * Done.
	 *
	 * @param uniqueKey the lock to free; empty for none
	 * @param retained the record to keep; {@code null} to forget the task
	 * @param purgeAt until when to keep it; without meaning unless retained
	 * @param result the result to keep; {@code null} for none
	 */
	record Completed(String uniqueKey, byte @Nullable [] retained, Instant purgeAt,
			byte @Nullable [] result) implements Outcome {

		@Override
		public Ending ending() {
			return Ending.COMPLETED;
		}

	}

	/**
	 * Dropped by its handler.
	 *
	 * @param uniqueKey the lock to free; empty for none
	 */
	record Revoked(String uniqueKey) implements Outcome {

		@Override
		public Ending ending() {
			return Ending.REVOKED;
		}

	}

	/**
	 * To be tried again.
	 *
	 * @param message the record after the attempt
	 * @param at when
	 * @param failure whether it counts as a failure
	 */
	record RetryAt(byte[] message, Instant at, boolean failure) implements Outcome {

		@Override
		public Ending ending() {
			return Ending.RETRIED;
		}

	}

	/**
	 * Not to be tried again.
	 *
	 * @param message the record after the attempt
	 */
	record Archived(byte[] message) implements Outcome {

		@Override
		public Ending ending() {
			return Ending.ARCHIVED;
		}

	}

	/**
	 * Given back without having used an attempt.
	 *
	 * @param at when it may be fetched again; {@code null} for at once, before all
	 * others, or with a deferral after all others
	 * @param deferral what to note for the next fetch; {@code null} for nothing
	 */
	record Released(@Nullable Instant at, @Nullable Deferral deferral) implements Outcome {

		/** Back to the head of its queue. */
		static final Released TO_THE_HEAD = new Released(null, null);

		@Override
		public Ending ending() {
			return Ending.RELEASED;
		}

	}

}
