package io.taskqueue.management;

import java.util.stream.Stream;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * The meters of task queues. Those named {@code task.queue} are read from Redis and the
 * same for everybody, so only one instance publishes them; all others are an instance's
 * own and may be summed.
 */
public enum TaskQueueMeter implements MeterDocumentation {

	/** How many tasks a queue holds in a state. */
	QUEUE_SIZE("task.queue.size", Meter.Type.GAUGE, "tasks", MeterKey.QUEUE, MeterKey.STATE),
	/** For how long the next task to run has been waiting; zero where none waits. */
	QUEUE_LATENCY("task.queue.latency", Meter.Type.GAUGE, "seconds", MeterKey.QUEUE),
	/** Whether a queue is paused: 1 or 0. */
	QUEUE_PAUSED("task.queue.paused", Meter.Type.GAUGE, "", MeterKey.QUEUE),
	/** How many handlers may run at once in this instance. */
	SLOTS("task.worker.slots", Meter.Type.GAUGE, "slots"),
	/** How many of them run, stuck ones included. */
	SLOTS_BUSY("task.worker.slots.busy", Meter.Type.GAUGE, "slots"),
	/** How many handlers were interrupted and have not come back. */
	STUCK("task.worker.stuck", Meter.Type.GAUGE, "slots"),
	/** How many outcomes Redis has not confirmed yet. */
	UNACKNOWLEDGED("task.worker.unacknowledged", Meter.Type.GAUGE, "tasks"),
	/**
	 * Attempts and how long they took, by what became of the task: {@code completed},
	 * {@code revoked}, {@code retried}, {@code archived} or {@code released}.
	 */
	ATTEMPTS("task.worker.attempts", Meter.Type.TIMER, "seconds", MeterKey.QUEUE, MeterKey.TYPE, MeterKey.OUTCOME),
	/** Leases lost before the outcome was acknowledged: the task may run twice. */
	LEASES_LOST("task.worker.leases.lost", Meter.Type.COUNTER, "leases", MeterKey.QUEUE),
	/** Tasks this instance took away from owners that were gone. */
	RECOVERED("task.worker.recovered", Meter.Type.COUNTER, "tasks", MeterKey.QUEUE),
	/** Calls that fetch tasks and how long they took. */
	FETCH("task.worker.fetch", Meter.Type.TIMER, "seconds", MeterKey.QUEUE),
	/** How many tasks such a call brought. */
	FETCH_SIZE("task.worker.fetch.size", Meter.Type.DISTRIBUTION_SUMMARY, "tasks", MeterKey.QUEUE),
	/** Calls that acknowledge outcomes and how long they took. */
	ACKNOWLEDGE("task.worker.acknowledge", Meter.Type.TIMER, "seconds", MeterKey.QUEUE),
	/** How many outcomes such a call confirmed. */
	ACKNOWLEDGE_SIZE("task.worker.acknowledge.size", Meter.Type.DISTRIBUTION_SUMMARY, "tasks", MeterKey.QUEUE),
	/** Tasks that could not be enqueued after the commit of their transaction. */
	AFTER_COMMIT_FAILED("task.enqueue.after.commit.failed", Meter.Type.COUNTER, "tasks", MeterKey.QUEUE, MeterKey.TYPE,
			MeterKey.OUTCOME),
	/** Whether this instance fires the cron tasks of the namespace: 1 or 0. */
	CRON_LEADER("task.cron.leader", Meter.Type.GAUGE, ""),
	/**
	 * Ticks by what became of them: {@code fired}, {@code overlapped}, or {@code missed}
	 * for a gap of any number.
	 */
	CRON_TICKS("task.cron.ticks", Meter.Type.COUNTER, "ticks", MeterKey.OUTCOME);

	private final String meterName;

	private final Meter.Type type;

	private final String unit;

	@SuppressWarnings("ImmutableEnumChecker")
	private final MeterKey[] keys;

	TaskQueueMeter(String meterName, Meter.Type type, String unit, MeterKey... keys) {
		this.meterName = meterName;
		this.type = type;
		this.unit = unit;
		this.keys = keys;
	}

	@Override
	public String getName() {
		return this.meterName;
	}

	@Override
	public Meter.Type getType() {
		return this.type;
	}

	/** Returns the unit; {@code null} for none. */
	@Override
	public @Nullable String getBaseUnit() {
		return this.unit.isEmpty() ? null : this.unit;
	}

	@Override
	public KeyName[] getKeyNames() {
		return Stream.of(this.keys).toArray(KeyName[]::new);
	}

	/** The keys of the meters. */
	public enum MeterKey implements KeyName {

		/** The queue. */
		QUEUE("queue"),
		/** asynq's name of a state. */
		STATE("state"),
		/** The task's type. */
		TYPE("type"),
		/** What became of it. */
		OUTCOME("outcome");

		private final String key;

		MeterKey(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
