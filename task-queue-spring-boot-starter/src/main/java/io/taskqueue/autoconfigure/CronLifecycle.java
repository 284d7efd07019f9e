package io.taskqueue.autoconfigure;

import io.taskqueue.cron.CronScheduler;

import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the scheduler with the application context.
 */
final class CronLifecycle implements SmartLifecycle {

	private final CronScheduler scheduler;

	CronLifecycle(CronScheduler scheduler) {
		this.scheduler = scheduler;
	}

	/** Beside the worker: what is fired while others stop is worked on by others. */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

	@Override
	public void start() {
		this.scheduler.start();
	}

	@Override
	public void stop() {
		this.scheduler.stop();
	}

	@Override
	public boolean isRunning() {
		return this.scheduler.isRunning();
	}

}
