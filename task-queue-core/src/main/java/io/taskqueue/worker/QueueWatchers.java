package io.taskqueue.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.broker.FleetBroker;
import org.jspecify.annotations.Nullable;

/**
 * The watchers of a shift, so many at most as it has connections for waiting. Queues come
 * and go on the fetch loop's thread while another one may stop the shift.
 */
final class QueueWatchers {

	private static final int MOST = 16;

	private static final Duration ENDING_WAITS = Duration.ofMillis(50);

	private final FleetBroker fleet;

	private final Runnable wake;

	/** Those that watch, and those that were told to end but may still wait. */
	private final List<QueueWatcher> watchers = new ArrayList<>();

	private boolean stopped;

	QueueWatchers(FleetBroker fleet, Runnable wake) {
		this.fleet = fleet;
		this.wake = wake;
	}

	/**
	 * Returns a new watcher, started; {@code null} if there are as many as there may be,
	 * or one of this queue has not ended yet.
	 */
	synchronized @Nullable QueueWatcher watch(String queue) {
		this.watchers.removeIf(QueueWatcher::hasEnded);
		if (this.stopped || this.watchers.size() >= MOST
				|| this.watchers.stream().anyMatch((watcher) -> watcher.queue().equals(queue))) {
			return null;
		}
		QueueWatcher watcher = new QueueWatcher(queue, this.fleet, this.wake);
		this.watchers.add(watcher);
		watcher.start();
		return watcher;
	}

	synchronized void stop() {
		this.stopped = true;
		this.watchers.forEach(QueueWatcher::stop);
	}

	/** Waits for the end of all, after the stop. */
	synchronized void endWaits(Duration limit) {
		long start = System.nanoTime();
		for (QueueWatcher watcher : this.watchers) {
			// Again and again: a wait may begin just after the waits were ended
			do {
				this.fleet.endWaits();
			}
			while (!watcher.join(ENDING_WAITS) && !Thread.currentThread().isInterrupted()
					&& System.nanoTime() - start < limit.toNanos());
		}
	}

}
