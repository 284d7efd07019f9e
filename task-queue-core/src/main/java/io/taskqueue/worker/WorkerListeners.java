package io.taskqueue.worker;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.taskqueue.TaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all listeners. One that fails keeps neither the others from hearing nor the tasks
 * from going on.
 */
final class WorkerListeners implements WorkerListener {

	private static final Logger logger = LoggerFactory.getLogger(WorkerListeners.class);

	private final List<WorkerListener> listeners;

	WorkerListeners(List<WorkerListener> listeners) {
		this.listeners = listeners;
	}

	@Override
	public void started(TaskContext task) {
		tell((listener) -> listener.started(task));
	}

	@Override
	public void ended(TaskContext task, Ending ending, @Nullable Throwable error, Duration ran) {
		tell((listener) -> listener.ended(task, ending, error, ran));
	}

	@Override
	public void leaseLost(String queue, String id) {
		tell((listener) -> listener.leaseLost(queue, id));
	}

	@Override
	public void stuck(TaskContext task) {
		tell((listener) -> listener.stuck(task));
	}

	@Override
	public void fetched(String queue, int count, Duration took) {
		tell((listener) -> listener.fetched(queue, count, took));
	}

	@Override
	public void acknowledged(String queue, int count, Duration took) {
		tell((listener) -> listener.acknowledged(queue, count, took));
	}

	@Override
	public void recovered(String queue, String id) {
		tell((listener) -> listener.recovered(queue, id));
	}

	private void tell(Consumer<WorkerListener> event) {
		for (WorkerListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException | LinkageError ex) {
				logger.warn("Worker listener {} failed", listener.getClass().getName(), ex);
			}
		}
	}

}
