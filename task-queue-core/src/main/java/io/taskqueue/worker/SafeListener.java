package io.taskqueue.worker;

import java.time.Duration;
import java.util.function.Consumer;

import io.taskqueue.TaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a listener throws away from the tasks.
 */
final class SafeListener implements WorkerListener {

	private static final Logger logger = LoggerFactory.getLogger(SafeListener.class);

	private final WorkerListener listener;

	SafeListener(WorkerListener listener) {
		this.listener = listener;
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

	private void tell(Consumer<WorkerListener> event) {
		try {
			event.accept(this.listener);
		}
		catch (RuntimeException | LinkageError ex) {
			logger.warn("Listener {} failed; going on without", this.listener, ex);
		}
	}

}
