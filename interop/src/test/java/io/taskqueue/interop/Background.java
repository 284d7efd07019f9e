package io.taskqueue.interop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Something that goes on beside a test, on a thread of its own. Its failure is the
 * test's.
 */
final class Background implements AutoCloseable {

	private static final long REST = 300;

	private final Thread thread;

	private final AtomicInteger rounds = new AtomicInteger();

	private final CountDownLatch closed = new CountDownLatch(1);

	private volatile @Nullable Throwable failure;

	/** Does something once. */
	Background(Runnable action) {
		this(action, false);
	}

	private Background(Runnable action, boolean repeated) {
		this.thread = new Thread(() -> run(action, repeated), "background");
		this.thread.start();
	}

	/** Does something again and again, with a short rest, until it is closed. */
	static Background repeat(Runnable action) {
		return new Background(action, true);
	}

	/** Returns how often it has been done. */
	int rounds() {
		return this.rounds.get();
	}

	/** Returns when it has ended, or fails as it has failed. */
	void join() {
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		Throwable failure = this.failure;
		if (failure != null) {
			throw new AssertionError("failed beside the test", failure);
		}
	}

	/** Ends it after the round under way. */
	@Override
	public void close() {
		this.closed.countDown();
		join();
	}

	private void run(Runnable action, boolean repeated) {
		try {
			do {
				action.run();
				this.rounds.incrementAndGet();
			}
			while (repeated && !this.closed.await(REST, TimeUnit.MILLISECONDS));
		}
		catch (Throwable ex) {
			this.failure = ex;
		}
	}

}
