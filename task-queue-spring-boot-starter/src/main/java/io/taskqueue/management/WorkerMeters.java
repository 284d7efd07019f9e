package io.taskqueue.management;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.taskqueue.TaskContext;
import io.taskqueue.management.TaskQueueMeter.MeterKey;
import io.taskqueue.worker.WorkerListener;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times what the worker of this instance does.
 */
final class WorkerMeters implements WorkerListener {

	private final MeterRegistry registry;

	// A registry looks meters up by tags that are made anew each time
	private final Map<AttemptKey, Timer> attempts = new ConcurrentHashMap<>();

	private final Map<String, QueueCalls> calls = new ConcurrentHashMap<>();

	private record AttemptKey(String queue, String type, Ending ending) {
	}

	private record QueueCalls(Timer fetch, DistributionSummary fetched, Timer acknowledge,
			DistributionSummary acknowledged, Counter leasesLost, Counter recovered) {
	}

	WorkerMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void ended(TaskContext task, Ending ending, @Nullable Throwable error, Duration ran) {
		AttemptKey key = new AttemptKey(task.queue(), task.type(), ending);
		Timer timer = this.attempts.get(key);
		if (timer == null) {
			timer = this.attempts.computeIfAbsent(key, this::attempts);
		}
		timer.record(ran);
	}

	@Override
	public void fetched(String queue, int count, Duration took) {
		QueueCalls calls = calls(queue);
		calls.fetch.record(took);
		calls.fetched.record(count);
	}

	@Override
	public void acknowledged(String queue, int count, Duration took) {
		QueueCalls calls = calls(queue);
		calls.acknowledge.record(took);
		calls.acknowledged.record(count);
	}

	@Override
	public void leaseLost(String queue, String id) {
		calls(queue).leasesLost.increment();
	}

	@Override
	public void recovered(String queue, String id) {
		calls(queue).recovered.increment();
	}

	private Timer attempts(AttemptKey key) {
		return Timer.builder(TaskQueueMeter.ATTEMPTS.getName())
			.description("Attempts at tasks by what became of the task")
			.tag(MeterKey.QUEUE.asString(), key.queue())
			.tag(MeterKey.TYPE.asString(), key.type())
			.tag(MeterKey.OUTCOME.asString(), key.ending().name().toLowerCase(Locale.ROOT))
			.register(this.registry);
	}

	private QueueCalls calls(String queue) {
		QueueCalls calls = this.calls.get(queue);
		return (calls != null) ? calls : this.calls.computeIfAbsent(queue, this::newCalls);
	}

	private QueueCalls newCalls(String queue) {
		return new QueueCalls(timer(TaskQueueMeter.FETCH, "Calls that fetch tasks", queue),
				summary(TaskQueueMeter.FETCH_SIZE, "Tasks brought by a fetch", queue),
				timer(TaskQueueMeter.ACKNOWLEDGE, "Calls that acknowledge outcomes", queue),
				summary(TaskQueueMeter.ACKNOWLEDGE_SIZE, "Outcomes confirmed by a call", queue),
				counter(TaskQueueMeter.LEASES_LOST, "Leases lost before the outcome was acknowledged", queue),
				counter(TaskQueueMeter.RECOVERED, "Tasks taken away from owners that were gone", queue));
	}

	private Timer timer(TaskQueueMeter meter, String description, String queue) {
		return Timer.builder(meter.getName())
			.description(description)
			.tag(MeterKey.QUEUE.asString(), queue)
			.register(this.registry);
	}

	private DistributionSummary summary(TaskQueueMeter meter, String description, String queue) {
		return DistributionSummary.builder(meter.getName())
			.description(description)
			.baseUnit(meter.getBaseUnit())
			.tag(MeterKey.QUEUE.asString(), queue)
			.register(this.registry);
	}

	private Counter counter(TaskQueueMeter meter, String description, String queue) {
		return Counter.builder(meter.getName())
			.description(description)
			.baseUnit(meter.getBaseUnit())
			.tag(MeterKey.QUEUE.asString(), queue)
			.register(this.registry);
	}

}
