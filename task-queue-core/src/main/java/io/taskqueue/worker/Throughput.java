package io.taskqueue.worker;

import java.util.concurrent.TimeUnit;

/**
 * Measures how fast tasks are finished and how long a fetch takes, and says how many
 * tasks to have at hand so that no handler waits for the network. Used by one thread.
 */
final class Throughput {

	private static final int MAX = 256;

	private static final double MEMORY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final long SHORTEST_SAMPLE = TimeUnit.MILLISECONDS.toNanos(1);

	private static final double NEWEST_ROUND_TRIP = 0.2;

	private final int most;

	private double tasksPerNano;

	private double roundTripNanos;

	private long finishedThen;

	private long then = System.nanoTime();

	Throughput(int concurrency) {
		// A worker of few slots may have many short tasks
		this.most = Math.min(MAX, Math.max(32, 2 * concurrency));
	}

	void roundTrip(long nanos) {
		this.roundTripNanos = (this.roundTripNanos == 0) ? nanos
				: this.roundTripNanos + NEWEST_ROUND_TRIP * (nanos - this.roundTripNanos);
	}

	void finished(long total) {
		long now = System.nanoTime();
		long elapsed = now - this.then;
		if (elapsed >= SHORTEST_SAMPLE) {
			double newest = 1 - Math.exp(-elapsed / MEMORY_NANOS);
			this.tasksPerNano += newest * ((total - this.finishedThen) / (double) elapsed - this.tasksPerNano);
			this.finishedThen = total;
			this.then = now;
		}
	}

	/** Returns the work of two round trips, in tasks. */
	int prefetch() {
		return (int) Math.min(this.most, this.tasksPerNano * 2 * this.roundTripNanos);
	}

}
