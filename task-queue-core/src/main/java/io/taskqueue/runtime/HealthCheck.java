package io.taskqueue.runtime;

import java.time.Duration;
import java.util.List;

import io.taskqueue.HealthListener;
import io.taskqueue.HealthListener.Health;
import io.taskqueue.TaskQueueException;
import io.taskqueue.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Redis for a sign of life at a fixed interval, the first time at the start, and
 * tells listeners. May be started and stopped again and again; both are idempotent.
 */
public final class HealthCheck {

	private static final Logger logger = LoggerFactory.getLogger(HealthCheck.class);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

	private final Runnable ping;

	private final Duration interval;

	private final List<HealthListener> listeners;

	/** Guarded by this. */
	private @Nullable Loop loop;

	HealthCheck(Runnable ping, Duration interval, List<HealthListener> listeners) {
		if (interval.toMillis() < 1) {
			throw new IllegalArgumentException("interval must be at least a millisecond: " + interval);
		}
		this.ping = ping;
		this.interval = interval;
		this.listeners = List.copyOf(listeners);
	}

	/** Starts to check, unless nobody listens. */
	public synchronized void start() {
		if (this.loop == null && !this.listeners.isEmpty()) {
			Loop loop = new Loop("task-queue-health", this::pass);
			this.loop = loop;
			loop.start();
		}
	}

	/** Checks no more. Waits for a check under way. */
	public void stop() {
		Loop loop = takeLoop();
		if (loop != null) {
			loop.stop();
			loop.join(STOP_LIMIT);
		}
	}

	private synchronized @Nullable Loop takeLoop() {
		Loop taken = this.loop;
		this.loop = null;
		return taken;
	}

	/** Tells whether it was started, and somebody listens. */
	public synchronized boolean isRunning() {
		return this.loop != null;
	}

	private Duration pass() {
		Health health = check();
		for (HealthListener listener : this.listeners) {
			try {
				listener.checked(health);
			}
			catch (RuntimeException | LinkageError ex) {
				logger.warn("Health listener {} failed", listener.getClass().getName(), ex);
			}
		}
		return this.interval;
	}

	private Health check() {
		long start = System.nanoTime();
		TaskQueueException error = null;
		try {
			this.ping.run();
		}
		catch (TaskQueueException ex) {
			error = ex;
		}
		return new Health(error, Duration.ofNanos(System.nanoTime() - start));
	}

}
