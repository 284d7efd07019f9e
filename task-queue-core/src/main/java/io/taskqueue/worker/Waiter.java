package io.taskqueue.worker;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time wait for others to make a condition true. Telling it costs
 * one volatile read while nobody waits.
 */
final class Waiter {

	// In case a change was told before the waiting began
	private static final long LOOK_AGAIN = Duration.ofMillis(50).toNanos();

	private volatile @Nullable Thread waiting;

	/** The condition may have become true. */
	void changed() {
		Thread thread = this.waiting;
		if (thread != null) {
			LockSupport.unpark(thread);
		}
	}

	/**
	 * Waits until the condition holds. An interrupt ends the wait and stays set.
	 * @return whether it holds
	 */
	boolean await(BooleanSupplier condition, Duration limit) {
		long start = System.nanoTime();
		this.waiting = Thread.currentThread();
		try {
			while (!condition.getAsBoolean()) {
				long left = limit.toNanos() - (System.nanoTime() - start);
				if (left <= 0 || Thread.currentThread().isInterrupted()) {
					return false;
				}
				LockSupport.parkNanos(this, Math.min(left, LOOK_AGAIN));
			}
			return true;
		}
		finally {
			this.waiting = null;
		}
	}

}
