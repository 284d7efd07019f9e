package io.taskqueue.runtime;

import java.time.Duration;
import java.util.List;

import io.taskqueue.HealthListener;
import io.taskqueue.HealthListener.Health;
import io.taskqueue.TaskQueueException;
import io.taskqueue.loop.RestartableLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Redis for a sign of life at a fixed interval, the first time at the start, and
 * tells listeners. May be started and stopped again and again; both are idempotent.
 */
public final class HealthCheck {

	private static final Logger logger = LoggerFactory.getLogger(HealthCheck.class);

	private final Runnable ping;

	private final Duration interval;

	private final List<HealthListener> listeners;

	private final RestartableLoop loop = new RestartableLoop("task-queue-health", this::pass);

	HealthCheck(Runnable ping, Duration interval, List<HealthListener> listeners) {
		if (interval.toMillis() < 1) {
			throw new IllegalArgumentException("interval must be at least a millisecond: " + interval);
		}
		this.ping = ping;
		this.interval = interval;
		this.listeners = List.copyOf(listeners);
	}

	/** Starts to check, unless nobody listens. */
	public void start() {
		if (!this.listeners.isEmpty()) {
			this.loop.start();
		}
	}

	/** Checks no more. Waits for a check under way. */
	public void stop() {
		this.loop.stop();
	}

	/** Tells whether it was started, and somebody listens. */
	public boolean isRunning() {
		return this.loop.isRunning();
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
