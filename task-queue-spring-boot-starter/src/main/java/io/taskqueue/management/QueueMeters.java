package io.taskqueue.management;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.taskqueue.TaskState;
import io.taskqueue.cron.CronListener;
import io.taskqueue.inspect.QueueInfo;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.loop.Loop;
import io.taskqueue.management.TaskQueueMeter.MeterKey;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Publishes the figures of queues, which are in Redis and the same for all instances: a
 * sum over instances that all publish them would be wrong. So only the leader of the
 * namespace does; others have no such series at all, because a NaN would spoil a sum as
 * well. Where Redis does not answer there are no series either, rather than old ones.
 * <p>
 * Read on a thread of its own and not when scraped: several registries may scrape at any
 * pace, and none waits for Redis.
 */
final class QueueMeters implements CronListener, SmartLifecycle {

	private final TaskInspector inspector;

	private final Duration interval;

	private final boolean always;

	private final MultiGauge size;

	private final MultiGauge latency;

	private final MultiGauge paused;

	private volatile boolean leader;

	private volatile @Nullable Loop loop;

	QueueMeters(TaskInspector inspector, MeterRegistry registry, Duration interval, boolean always) {
		this.inspector = inspector;
		this.interval = interval;
		this.always = always;
		this.size = gauge(registry, TaskQueueMeter.QUEUE_SIZE, "Tasks in a queue by state");
		this.latency = gauge(registry, TaskQueueMeter.QUEUE_LATENCY, "Wait of the next task to run");
		this.paused = gauge(registry, TaskQueueMeter.QUEUE_PAUSED, "Whether a queue is paused");
	}

	@Override
	public void leadershipTaken(String node) {
		lead(true);
	}

	@Override
	public void leadershipLost(String node) {
		lead(false);
	}

	private void lead(boolean leader) {
		this.leader = leader;
		Loop loop = this.loop;
		if (loop != null) {
			loop.wake();
		}
	}

	@Override
	public synchronized void start() {
		if (this.loop == null) {
			Loop loop = new Loop("task-queue-meters", this::publish);
			this.loop = loop;
			loop.start();
		}
	}

	@Override
	public synchronized void stop() {
		Loop loop = this.loop;
		if (loop != null) {
			this.loop = null;
			loop.stop();
			loop.join(Duration.ofSeconds(5));
			show(List.of());
		}
	}

	@Override
	public boolean isRunning() {
		return this.loop != null;
	}

	private Duration publish() {
		try {
			show((this.leader || this.always) ? this.inspector.queues() : List.of());
		}
		catch (RuntimeException ex) {
			show(List.of());
			throw ex;
		}
		return this.interval;
	}

	private void show(List<QueueInfo> queues) {
		List<Row<?>> sizes = new ArrayList<>();
		List<Row<?>> latencies = new ArrayList<>();
		List<Row<?>> paused = new ArrayList<>();
		for (QueueInfo queue : queues) {
			Tags tags = Tags.of(MeterKey.QUEUE.asString(), queue.queue());
			sizes(queue).forEach(
					(state, size) -> sizes.add(Row.of(tags.and(MeterKey.STATE.asString(), state.wireName()), size)));
			latencies.add(Row.of(tags, queue.latency().toNanos() / 1e9));
			paused.add(Row.of(tags, queue.paused() ? 1 : 0));
		}
		this.size.register(sizes, true);
		this.latency.register(latencies, true);
		this.paused.register(paused, true);
	}

	private static Map<TaskState, Long> sizes(QueueInfo queue) {
		Map<TaskState, Long> sizes = new LinkedHashMap<>();
		sizes.put(TaskState.PENDING, queue.pending());
		sizes.put(TaskState.ACTIVE, queue.active());
		sizes.put(TaskState.SCHEDULED, queue.scheduled());
		sizes.put(TaskState.RETRY, queue.retry());
		sizes.put(TaskState.ARCHIVED, queue.archived());
		sizes.put(TaskState.COMPLETED, queue.completed());
		sizes.put(TaskState.AGGREGATING, queue.aggregating().value());
		return sizes;
	}

	private static MultiGauge gauge(MeterRegistry registry, TaskQueueMeter meter, String description) {
		return MultiGauge.builder(meter.getName())
			.description(description)
			.baseUnit(meter.getBaseUnit())
			.register(registry);
	}

}
