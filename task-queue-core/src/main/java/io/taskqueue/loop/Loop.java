package io.taskqueue.loop;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.taskqueue.TaskQueueUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does one pass after another and knows only how to repeat, survive errors,
 * wait, be woken and stop. A wake-up that arrives while it does not wait is remembered
 * and skips the next wait, except the one after an error. Started once; to begin again,
 * make a new one. All methods may be called from any thread and more than once.
 */
public final class Loop {

	private static final Logger logger = LoggerFactory.getLogger(Loop.class);

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

	private static final Duration AFTER_ERROR = Duration.ofSeconds(1);

	private final Thread thread;

	private final Pass pass;

	private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

	private final AtomicBoolean woken = new AtomicBoolean();

	/** Whether the last pass failed; touched by the thread only. */
	private boolean failing;

	private enum State {

		NEW, RUNNING, STOPPING

	}

	/** One round of work. */
	@FunctionalInterface
	public interface Pass {

		/**
		 * Does what is to be done now and returns how long to wait before the next pass,
		 * which may also come sooner; zero or less for not at all.
		 */
		Duration run();

	}

	/**
	 * Creates a loop, not started.
	 * @param name the name of its thread, a daemon
	 * @param pass what to do
	 */
	public Loop(String name, Pass pass) {
		this.thread = new Thread(this::repeat, name);
		this.thread.setDaemon(true);
		this.pass = pass;
	}

	/**
	 * Keeps the process alive for as long as this loop runs; to be called before start.
	 * @return this loop
	 */
	public Loop keepingTheProcessAlive() {
		this.thread.setDaemon(false);
		return this;
	}

	/** Starts the thread; without effect from the second time on and after a stop. */
	public void start() {
		if (this.state.compareAndSet(State.NEW, State.RUNNING)) {
			this.thread.start();
		}
	}

	/**
	 * Cuts the wait short. Costs one volatile read where a wake-up is pending already.
	 */
	public void wake() {
		if (!this.woken.get() && this.woken.compareAndSet(false, true)) {
			LockSupport.unpark(this.thread);
		}
	}

	/**
	 * Lets the pass under way be the last, and does not wait for its end. Does not
	 * interrupt: a call to Redis under way has a time limit of its own.
	 */
	public void stop() {
		this.state.set(State.STOPPING);
		LockSupport.unpark(this.thread);
	}

	/**
	 * Waits for the thread to end, or not to have been started. An interrupt ends the
	 * wait and is kept.
	 * @param limit how long at most
	 * @return whether it has ended
	 */
	public boolean join(Duration limit) {
		try {
			// Zero would mean for ever
			this.thread.join(Math.max(1, limit.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return !this.thread.isAlive();
	}

	/** Tells whether it was stopped and its thread has ended. */
	public boolean hasEnded() {
		return this.state.get() == State.STOPPING && !this.thread.isAlive();
	}

	private boolean isRunning() {
		return this.state.get() == State.RUNNING;
	}

	private void repeat() {
		while (isRunning()) {
			// Before the pass, so that a wake-up during it is not forgotten
			this.woken.set(false);
			try {
				Duration wait = this.pass.run();
				worked();
				await(wait, true);
			}
			catch (Throwable ex) {
				// Even after an OutOfMemoryError: leases and acknowledgements must go on
				failed(ex);
				// Whatever wakes it: a failing pass must not be repeated in a frenzy
				await(AFTER_ERROR, false);
			}
		}
	}

	private void worked() {
		if (this.failing) {
			this.failing = false;
			logger.info("{} works again", this.thread.getName());
		}
	}

	private void failed(Throwable ex) {
		if (this.failing || !isRunning()) {
			return;
		}
		this.failing = true;
		if (ex instanceof TaskQueueUnavailableException) {
			logger.warn("{} waits for Redis: {}", this.thread.getName(), ex.getMessage());
		}
		else {
			logger.error("{} failed and tries again every {} s", this.thread.getName(), AFTER_ERROR.toSeconds(), ex);
		}
	}

	private void await(Duration wait, boolean wakeable) {
		long start = System.nanoTime();
		long whole = ((wait.compareTo(LONGEST_WAIT) < 0) ? wait : LONGEST_WAIT).toNanos();
		long left = whole;
		while (left > 0 && isRunning() && !(wakeable && this.woken.get())) {
			LockSupport.parkNanos(this, left);
			// Whoever interrupted this thread did not mean it; a set flag would make it
			// spin
			Thread.interrupted();
			left = whole - (System.nanoTime() - start);
		}
	}

}
