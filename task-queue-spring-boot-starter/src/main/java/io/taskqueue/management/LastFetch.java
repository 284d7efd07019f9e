package io.taskqueue.management;

import java.time.Duration;
import java.time.Instant;

import io.taskqueue.worker.WorkerListener;
import org.jspecify.annotations.Nullable;

/**
 * Notes when the worker last heard from Redis in answer to a fetch.
 */
final class LastFetch implements WorkerListener {

	private volatile @Nullable Instant at;

	@Override
	public void fetched(String queue, int count, Duration took) {
		this.at = Instant.now();
	}

	/** Returns when that was; {@code null} for never. */
	@Nullable Instant at() {
		return this.at;
	}

}
