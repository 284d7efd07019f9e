package io.taskqueue.cron;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps failures of a listener from the scheduler.
 */
record GuardedListener(CronListener listener) implements CronListener {

	private static final Logger logger = LoggerFactory.getLogger(GuardedListener.class);

	@Override
	public void leadershipTaken(String node) {
		guard(() -> this.listener.leadershipTaken(node));
	}

	@Override
	public void leadershipLost(String node) {
		guard(() -> this.listener.leadershipLost(node));
	}

	@Override
	public CronFiring firing(String uuid, String type, String queue, Instant tick) {
		try {
			return new GuardedFiring(this.listener.firing(uuid, type, queue, tick));
		}
		catch (RuntimeException ex) {
			failed(ex);
			return CronFiring.NONE;
		}
	}

	@Override
	public void fired(String uuid, String taskId, Instant tick) {
		guard(() -> this.listener.fired(uuid, taskId, tick));
	}

	@Override
	public void overlapped(String uuid, Instant tick) {
		guard(() -> this.listener.overlapped(uuid, tick));
	}

	@Override
	public void missed(String uuid, Instant first, Instant last) {
		guard(() -> this.listener.missed(uuid, first, last));
	}

	private void guard(Runnable call) {
		try {
			call.run();
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	private void failed(RuntimeException ex) {
		logger.warn("Cron listener {} failed", this.listener.getClass().getName(), ex);
	}

	/** Keeps failures of what goes with a tick from the scheduler. */
	private record GuardedFiring(CronFiring firing) implements CronFiring {

		@Override
		public Map<String, String> headers() {
			try {
				return this.firing.headers();
			}
			catch (RuntimeException ex) {
				logger.warn("{} has no headers", this.firing.getClass().getName(), ex);
				return Map.of();
			}
		}

		@Override
		public void ended(Ending ending, @Nullable Throwable error) {
			try {
				this.firing.ended(ending, error);
			}
			catch (RuntimeException ex) {
				logger.warn("{} failed", this.firing.getClass().getName(), ex);
			}
		}

	}

}
