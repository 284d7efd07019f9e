package io.taskqueue.autoconfigure;

import io.taskqueue.handler.AggregatorRegistry;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.runtime.WorkerNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the worker with the application context.
 */
final class WorkerLifecycle implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(WorkerLifecycle.class);

	private final WorkerNode node;

	private final HandlerRegistry handlers;

	private final AggregatorRegistry aggregators;

	WorkerLifecycle(WorkerNode node, HandlerRegistry handlers, AggregatorRegistry aggregators) {
		this.node = node;
		this.handlers = handlers;
		this.aggregators = aggregators;
	}

	/**
	 * The last to start and the first to stop: tasks run only while the web server and
	 * whatever else they may need is there, and the web server drains after them.
	 */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

	@Override
	public void start() {
		if (this.handlers.all().isEmpty()) {
			// It would take other applications' tasks, only to put them off
			if (!this.aggregators.all().isEmpty()) {
				logger.warn("There are aggregators but no task handlers; without a worker no groups are merged here");
			}
			logger.info("No task handlers found, so this application only enqueues tasks");
			return;
		}
		this.node.start();
	}

	@Override
	public void stop() {
		this.node.stop();
	}

	/**
	 * Stops beside other beans of this phase, since running tasks may take their time.
	 */
	@Override
	public void stop(Runnable callback) {
		Thread thread = new Thread(() -> {
			try {
				stop();
			}
			catch (RuntimeException ex) {
				logger.error("The worker could not be stopped in good order", ex);
			}
			finally {
				callback.run();
			}
		}, "task-queue-stop");
		thread.start();
	}

	@Override
	public boolean isRunning() {
		return this.node.isRunning();
	}

}
