package io.taskqueue.runtime;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import io.taskqueue.TaskContext;
import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskSemaphore;
import io.taskqueue.broker.SemaphoreBroker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A semaphore whose permits are counted in Redis.
 */
final class CountingSemaphore implements TaskSemaphore {

	private static final Logger logger = LoggerFactory.getLogger(CountingSemaphore.class);

	private final SemaphoreBroker broker;

	private final String scope;

	private final int permits;

	CountingSemaphore(SemaphoreBroker broker, String scope, int permits) {
		if (scope.isBlank()) {
			throw new IllegalArgumentException("the scope of a semaphore must not be blank");
		}
		if (permits < 1) {
			throw new IllegalArgumentException(
					"the permits of semaphore '%s' must be at least 1: %d".formatted(scope, permits));
		}
		this.broker = broker;
		this.scope = scope;
		this.permits = permits;
	}

	@Override
	public Optional<Permit> tryAcquire(TaskContext task) {
		String id = task.id();
		if (!this.broker.acquire(this.scope, this.permits, id, task.deadline())) {
			return Optional.empty();
		}
		AtomicBoolean closed = new AtomicBoolean();
		return Optional.of(() -> {
			if (closed.compareAndSet(false, true)) {
				release(id);
			}
		});
	}

	private void release(String id) {
		try {
			this.broker.release(this.scope, id);
		}
		catch (TaskQueueException ex) {
			logger.warn("Task '{}' could not give back its permit of semaphore '{}', which ends at its deadline: {}",
					id, this.scope, ex.getMessage());
		}
	}

}
