package io.taskqueue.management;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.taskqueue.cron.CronScheduler;
import io.taskqueue.cron.CronTaskRegistry;
import io.taskqueue.inspect.QueueInfo;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.WorkerNode;
import io.taskqueue.worker.Worker;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells whether this instance can use its task queues. Down while Redis does not answer,
 * and while every slot is held by a stuck handler; everything else that is wrong is a
 * warning, because a restart would not mend it.
 */
final class TaskQueueHealthIndicator extends AbstractHealthIndicator {

	/** Beyond this a clock is not merely late but wrong. */
	static final Duration OFFSET = Duration.ofSeconds(5);

	private final TaskQueue queue;

	private final TaskInspector inspector;

	private final CronTaskRegistry registry;

	private final @Nullable WorkerNode node;

	private final @Nullable CronScheduler scheduler;

	private final LastFetch lastFetch;

	TaskQueueHealthIndicator(TaskQueue queue, TaskInspector inspector, CronTaskRegistry registry,
			@Nullable WorkerNode node, @Nullable CronScheduler scheduler, LastFetch lastFetch) {
		super("The health of the task queues cannot be told");
		this.queue = queue;
		this.inspector = inspector;
		this.registry = registry;
		this.node = node;
		this.scheduler = scheduler;
		this.lastFetch = lastFetch;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.up();
		List<String> warnings = new ArrayList<>();
		worker(builder, warnings);
		clock(builder, warnings);
		// Last, because it fails where Redis does not answer
		redis(builder);
		if (!warnings.isEmpty()) {
			builder.withDetail("warnings", warnings);
		}
	}

	private void worker(Health.Builder builder, List<String> warnings) {
		if (this.node == null) {
			builder.withDetail("worker", "disabled");
			return;
		}
		Worker worker = this.node.worker();
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("running", worker.isRunning());
		details.put("queues", worker.queues().names());
		details.put("slots", worker.concurrency());
		details.put("busy", worker.running());
		details.put("stuck", worker.stuck());
		details.put("unacknowledged", worker.unsettled());
		Instant fetched = this.lastFetch.at();
		if (fetched != null) {
			details.put("lastFetch", fetched.toString());
		}
		builder.withDetail("worker", details);
		if (worker.stuck() > 0) {
			warnings.add("%d of %d slots are held by handlers that do not heed an interrupt".formatted(worker.stuck(),
					worker.concurrency()));
		}
		if (worker.stuck() >= worker.concurrency()) {
			builder.down();
		}
	}

	private void clock(Health.Builder builder, List<String> warnings) {
		Duration offset = this.queue.clockOffset();
		builder.withDetail("clockOffset", offset.toString());
		if (offset.abs().compareTo(OFFSET) > 0) {
			warnings.add("Redis's clock and this machine's differ by " + offset + ", more than " + OFFSET);
		}
	}

	private void redis(Health.Builder builder) {
		builder.withDetail("leader", this.registry.leader().orElse("none"));
		builder.withDetail("scheduler",
				(this.scheduler == null) ? "disabled" : (this.scheduler.isLeader() ? "leader" : "standby"));
		Set<String> own = (this.node != null) ? this.node.worker().queues().names() : Set.of();
		Map<String, String> oldest = new LinkedHashMap<>();
		for (QueueInfo info : this.inspector.queues()) {
			if (own.contains(info.queue())) {
				oldest.put(info.queue(), info.latency().toString());
			}
		}
		builder.withDetail("oldestPending", oldest);
	}

}
