package io.taskqueue.maintenance;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.taskqueue.TaskQueueUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does one round after another and knows only how to repeat, survive
 * errors, wait and stop. A wake-up that arrives while it does not wait is remembered.
 */
public final class Rounds {

	private static final Logger logger = LoggerFactory.getLogger(Rounds.class);

	private static final Duration AFTER_ERROR = Duration.ofSeconds(1);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

	private enum State {

		NEW, RUNNING, STOPPED

	}

	private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

	private final Thread thread;

	private final Round round;

	/** Whether the last round failed; touched by the thread only. */
	private boolean failing;

	/**
	 * Creates rounds, not started.
	 * @param name the name of the thread
	 * @param round what to do
	 */
	public Rounds(String name, Round round) {
		this.round = round;
		this.thread = new Thread(this::run, name);
		this.thread.setDaemon(true);
	}

	/** Starts the thread; without effect from the second time on. */
	public void start() {
		if (this.state.compareAndSet(State.NEW, State.RUNNING)) {
			this.thread.start();
		}
	}

	/** Cuts the wait short. */
	public void wake() {
		LockSupport.unpark(this.thread);
	}

	/**
	 * Ends after the round that is under way. Does not interrupt: a call to Redis under
	 * way has a time limit of its own.
	 */
	public void stop() {
		if (this.state.getAndSet(State.STOPPED) == State.RUNNING) {
			wake();
			try {
				this.thread.join(STOP_LIMIT.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void run() {
		while (this.state.get() == State.RUNNING) {
			Duration wait = once();
			if (!wait.isZero()) {
				LockSupport.parkNanos(this, wait.toNanos());
			}
		}
	}

	private Duration once() {
		try {
			Duration wait = this.round.run();
			if (this.failing) {
				this.failing = false;
				logger.info("{} works again", this.thread.getName());
			}
			return wait;
		}
		catch (RuntimeException ex) {
			if (!this.failing && this.state.get() == State.RUNNING) {
				this.failing = true;
				if (ex instanceof TaskQueueUnavailableException) {
					logger.warn("{} waits for Redis: {}", this.thread.getName(), ex.getMessage());
				}
				else {
					logger.error("{} failed and will try again every {} s", this.thread.getName(),
							AFTER_ERROR.toSeconds(), ex);
				}
			}
			return AFTER_ERROR;
		}
	}

	/** One round. */
	@FunctionalInterface
	public interface Round {

		/** Does what is to be done now and returns how long to wait. */
		Duration run();

	}

}
