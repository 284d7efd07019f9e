package io.taskqueue.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.taskqueue.broker.FleetBroker;
import io.taskqueue.loop.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a task to be pushed to a queue that was found empty, and wakes the fetch loop
 * then. Only makes it faster: the loop looks by itself every second.
 */
final class QueueWatcher {

	private static final Logger logger = LoggerFactory.getLogger(QueueWatcher.class);

	private static final Duration WAIT = Duration.ofSeconds(2);

	// A broker that returns sooner without a task does not really wait
	private static final long TOO_SHORT = TimeUnit.MILLISECONDS.toNanos(100);

	private static final Duration RESTING = Duration.ofSeconds(1);

	private final String queue;

	private final FleetBroker fleet;

	private final Runnable wake;

	private final AtomicReference<State> state = new AtomicReference<>(State.RESTING);

	private final Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));

	private final Loop loop;

	private volatile long notBefore = System.nanoTime();

	private boolean failing;

	private volatile boolean leaving;

	private enum State {

		/** Nobody asked to be woken. */
		RESTING,
		/** To be watched. */
		ARMED,
		/** A push was seen; remembered until the fetch loop takes notice. */
		WOKEN

	}

	QueueWatcher(String queue, FleetBroker fleet, Runnable wake) {
		this.queue = queue;
		this.fleet = fleet;
		this.wake = wake;
		this.loop = new Loop("task-queue-watcher-" + queue, this::pass);
	}

	void start() {
		this.loop.start();
	}

	void stop() {
		this.loop.stop();
	}

	/** Stops because the queue is gone, and gives its connection up. */
	void leave() {
		this.leaving = true;
		this.loop.stop();
		this.fleet.endWaits(this.queue);
	}

	boolean hasEnded() {
		return this.loop.hasEnded();
	}

	String queue() {
		return this.queue;
	}

	boolean join(Duration limit) {
		return this.loop.join(limit);
	}

	void arm() {
		if (this.state.compareAndSet(State.RESTING, State.ARMED)) {
			this.loop.wake();
		}
	}

	/** Lets others go first: does not watch for so long. To be called before arming. */
	void holdBack(long nanos) {
		this.notBefore = System.nanoTime() + nanos;
	}

	/** Tells whether a push was seen, once. */
	boolean takeWake() {
		return this.state.compareAndSet(State.WOKEN, State.RESTING);
	}

	private Duration pass() {
		if (this.state.get() != State.ARMED) {
			return RESTING;
		}
		long early = this.notBefore - System.nanoTime();
		if (early > 0) {
			return Duration.ofNanos(early);
		}
		long start = System.nanoTime();
		try {
			boolean pushed = this.fleet.awaitPending(this.queue, WAIT);
			if (this.leaving) {
				// This wait may have begun just after the waits were ended
				this.fleet.endWaits(this.queue);
			}
			if (pushed) {
				this.state.set(State.WOKEN);
				this.wake.run();
			}
			else if (System.nanoTime() - start < TOO_SHORT) {
				this.notBefore = System.nanoTime() + this.backoff.next();
				return Duration.ZERO;
			}
			this.failing = false;
			this.backoff.reset();
		}
		catch (RuntimeException ex) {
			this.notBefore = System.nanoTime() + this.backoff.next();
			if (!this.failing) {
				this.failing = true;
				logger.warn("Queue '{}' cannot be watched; looking every second until it can", this.queue, ex);
			}
		}
		return Duration.ZERO;
	}

}
