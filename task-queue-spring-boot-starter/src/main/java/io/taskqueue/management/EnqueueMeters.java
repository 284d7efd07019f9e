package io.taskqueue.management;

import java.util.Locale;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.taskqueue.EnqueueFailureListener;
import io.taskqueue.Enqueued;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskQueueException;
import io.taskqueue.management.TaskQueueMeter.MeterKey;

/**
 * Counts tasks that could not be enqueued after the commit of their transaction.
 */
final class EnqueueMeters implements EnqueueFailureListener {

	private final MeterRegistry registry;

	EnqueueMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void enqueueFailed(TaskInfo task, Enqueued outcome, TaskQueueException error) {
		Counter.builder(TaskQueueMeter.AFTER_COMMIT_FAILED.getName())
			.description("Tasks that could not be enqueued after the commit of their transaction")
			.baseUnit(TaskQueueMeter.AFTER_COMMIT_FAILED.getBaseUnit())
			.tag(MeterKey.QUEUE.asString(), task.queue())
			.tag(MeterKey.TYPE.asString(), task.type())
			.tag(MeterKey.OUTCOME.asString(), outcome.name().toLowerCase(Locale.ROOT))
			.register(this.registry)
			.increment();
	}

}
