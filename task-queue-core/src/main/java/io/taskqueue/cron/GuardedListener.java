package io.taskqueue.cron;

import java.time.Instant;

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
			logger.warn("Cron listener {} failed", this.listener.getClass().getName(), ex);
		}
	}

}
