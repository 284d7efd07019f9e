package io.taskqueue.cron;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Accompanies one tick on its way to Redis. Called on the scheduler's thread, so it must
 * not block; what it throws is logged.
 */
public interface CronFiring {

	/** Adds nothing and hears nothing. */
	CronFiring NONE = new CronFiring() {
	};

	/**
	 * Returns headers for the occurrence, which win over those of its definition. By
	 * default none.
	 */
	default Map<String, String> headers() {
		return Map.of();
	}

	/**
	 * Redis has answered, or has not. Called once.
	 * @param ending what became of the tick
	 * @param error why nobody knows; {@code null} unless {@link Ending#FAILED}
	 */
	default void ended(Ending ending, @Nullable Throwable error) {
	}

	/** What became of a tick. */
	enum Ending {

		/** It became a task. */
		FIRED,
		/** It is left out or waits, because the previous occurrence is not done. */
		OVERLAPPED,
		/** It was fired before, or the definition or the leader has changed. */
		OBSOLETE,
		/** Redis did not confirm; it is tried again. */
		FAILED

	}

}
