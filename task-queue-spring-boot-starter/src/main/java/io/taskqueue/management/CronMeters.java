package io.taskqueue.management;

import java.time.Instant;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.taskqueue.cron.CronListener;
import io.taskqueue.management.TaskQueueMeter.MeterKey;

/**
 * Counts what the cron scheduler of this instance does.
 */
final class CronMeters implements CronListener {

	private final Counter fired;

	private final Counter overlapped;

	private final Counter missed;

	private volatile boolean leader;

	CronMeters(MeterRegistry registry) {
		this.fired = ticks(registry, "fired");
		this.overlapped = ticks(registry, "overlapped");
		this.missed = ticks(registry, "missed");
		Gauge.builder(TaskQueueMeter.CRON_LEADER.getName(), this, (meters) -> meters.leader ? 1 : 0)
			.description("Whether this instance fires the cron tasks of the namespace")
			.register(registry);
	}

	@Override
	public void leadershipTaken(String node) {
		this.leader = true;
	}

	@Override
	public void leadershipLost(String node) {
		this.leader = false;
	}

	@Override
	public void fired(String uuid, String taskId, Instant tick) {
		this.fired.increment();
	}

	@Override
	public void overlapped(String uuid, Instant tick) {
		this.overlapped.increment();
	}

	@Override
	public void missed(String uuid, Instant first, Instant last) {
		this.missed.increment();
	}

	private static Counter ticks(MeterRegistry registry, String outcome) {
		return Counter.builder(TaskQueueMeter.CRON_TICKS.getName())
			.description("Ticks of cron tasks by what became of them")
			.baseUnit(TaskQueueMeter.CRON_TICKS.getBaseUnit())
			.tag(MeterKey.OUTCOME.asString(), outcome)
			.register(registry);
	}

}
