package io.taskqueue.autoconfigure;

import io.taskqueue.runtime.HealthCheck;

import org.springframework.context.SmartLifecycle;

/**
 * Checks the connection while the application context runs.
 */
final class HealthLifecycle implements SmartLifecycle {

	private final HealthCheck check;

	HealthLifecycle(HealthCheck check) {
		this.check = check;
	}

	@Override
	public void start() {
		this.check.start();
	}

	@Override
	public void stop() {
		this.check.stop();
	}

	@Override
	public boolean isRunning() {
		return this.check.isRunning();
	}

}
