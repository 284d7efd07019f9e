package io.taskqueue.management;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.taskqueue.worker.Worker;

/**
 * Shows how busy the worker of this instance is.
 */
final class WorkerGauges implements MeterBinder {

	private final Worker worker;

	WorkerGauges(Worker worker) {
		this.worker = worker;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		gauge(registry, TaskQueueMeter.SLOTS, "Handlers that may run at once", Worker::concurrency);
		gauge(registry, TaskQueueMeter.SLOTS_BUSY, "Handlers that run", Worker::running);
		gauge(registry, TaskQueueMeter.STUCK, "Handlers that were interrupted and have not come back", Worker::stuck);
		gauge(registry, TaskQueueMeter.UNACKNOWLEDGED, "Outcomes that Redis has not confirmed", Worker::unsettled);
	}

	private void gauge(MeterRegistry registry, TaskQueueMeter meter, String description,
			ToDoubleFunction<Worker> value) {
		Gauge.builder(meter.getName(), this.worker, value)
			.description(description)
			.baseUnit(meter.getBaseUnit())
			.register(registry);
	}

}
