package io.taskqueue.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that repeats one pass: survives its errors, waits as long as the pass says,
 * can be woken and stopped. A signal that arrives during a pass is remembered and skips
 * the wait after it.
 */
final class Loop {

	private static final Logger logger = LoggerFactory.getLogger(Loop.class);

	private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(10);

	private static final long WAIT_AFTER_ERROR = TimeUnit.MILLISECONDS.toNanos(500);

	private final Thread thread;

	private final Pass pass;

	private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

	private final AtomicBoolean signalled = new AtomicBoolean();

	private enum State {

		NEW, RUNNING, STOPPING

	}

	/** One round of work. */
	@FunctionalInterface
	interface Pass {

		/** Returns how many nanoseconds to wait before the next one. */
		long run();

	}

	Loop(String name, Pass pass) {
		this.thread = new Thread(this::repeat, name);
		this.thread.setDaemon(true);
		this.pass = pass;
	}

	/**
	 * Keeps the process alive for as long as this loop runs; to be called before start.
	 */
	Loop keepingTheProcessAlive() {
		this.thread.setDaemon(false);
		return this;
	}

	void start() {
		if (this.state.compareAndSet(State.NEW, State.RUNNING)) {
			this.thread.start();
		}
	}

	/** Cuts the wait short. Costs one volatile read where a signal is pending already. */
	void signal() {
		if (!this.signalled.get() && this.signalled.compareAndSet(false, true)) {
			LockSupport.unpark(this.thread);
		}
	}

	/** Lets the pass under way be the last. */
	void stop() {
		this.state.set(State.STOPPING);
		LockSupport.unpark(this.thread);
	}

	boolean isRunning() {
		return this.state.get() == State.RUNNING;
	}

	/**
	 * Waits for the thread to end.
	 * @return whether it has
	 */
	boolean join(Duration limit) {
		try {
			// Zero would mean for ever
			this.thread.join(Math.max(1, limit.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return !this.thread.isAlive();
	}

	private void repeat() {
		while (isRunning()) {
			// Before the pass, so that what is signalled during it is not forgotten
			this.signalled.set(false);
			try {
				await(this.pass.run());
			}
			catch (Throwable ex) {
				// Even after an OutOfMemoryError: leases and acknowledgements must go on
				logger.error("{} failed and goes on", this.thread.getName(), ex);
				LockSupport.parkNanos(WAIT_AFTER_ERROR);
			}
		}
	}

	private void await(long nanos) {
		long start = System.nanoTime();
		long left = Math.min(nanos, LONGEST_WAIT);
		while (left > 0 && !this.signalled.get() && isRunning()) {
			LockSupport.parkNanos(this, left);
			// Whoever interrupted this thread did not mean it; a set flag would make it
			// spin
			Thread.interrupted();
			left = Math.min(nanos, LONGEST_WAIT) - (System.nanoTime() - start);
		}
	}

}
