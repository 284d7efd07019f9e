package io.taskqueue.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * What is observed, and by which keys. Names of OpenTelemetry's messaging conventions are
 * used where there are any.
 */
public enum TaskQueueObservation implements ObservationDocumentation {

	/**
	 * A call that enqueues tasks, from the caller's call to Redis's confirmation. A bulk
	 * call is one observation, and all its tasks carry its context.
	 */
	ENQUEUE("task.enqueue", DefaultTaskEnqueueObservationConvention.class, EnqueueDetail.values()),

	/**
	 * An attempt at a task, on the thread of its handler: the handler and all
	 * interceptors within.
	 */
	PROCESS("task.process", DefaultTaskProcessObservationConvention.class, ProcessDetail.values()),

	/**
	 * A tick of a cron task on its way to Redis. Begins a trace, which its occurrence
	 * goes on with.
	 */
	CRON("task.cron", DefaultTaskCronObservationConvention.class, CronDetail.values());

	private final String observationName;

	private final Class<? extends ObservationConvention<? extends Observation.Context>> convention;

	@SuppressWarnings("ImmutableEnumChecker")
	private final KeyName[] details;

	TaskQueueObservation(String observationName,
			Class<? extends ObservationConvention<? extends Observation.Context>> convention, KeyName[] details) {
		this.observationName = observationName;
		this.convention = convention;
		this.details = details;
	}

	@Override
	public String getName() {
		return this.observationName;
	}

	@Override
	public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
		return this.convention;
	}

	@Override
	public KeyName[] getLowCardinalityKeyNames() {
		return LowCardinality.values();
	}

	@Override
	public KeyName[] getHighCardinalityKeyNames() {
		return this.details.clone();
	}

	/** The keys of all observations that have few values; meters have them as tags. */
	public enum LowCardinality implements KeyName {

		/** Always {@code asynq}, whose data it is. */
		SYSTEM("messaging.system"),
		/** {@code send} or {@code process}. */
		OPERATION_TYPE("messaging.operation.type"),
		/** {@code enqueue}, {@code process} or {@code fire}. */
		OPERATION_NAME("messaging.operation.name"),
		/** The queue; {@code mixed} for a bulk call to several. */
		DESTINATION("messaging.destination.name"),
		/** The task's type; {@code mixed} for a bulk call of several. */
		TYPE("task.type"),
		/** How it ended; {@code unknown} until then. */
		OUTCOME("task.outcome");

		private final String key;

		LowCardinality(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/** The further keys of {@link #ENQUEUE}, for traces only. */
	public enum EnqueueDetail implements KeyName {

		/** The task's id; not for a bulk call. */
		ID("messaging.message.id"),
		/** How many tasks; only for a bulk call. */
		COUNT("messaging.batch.message_count");

		private final String key;

		EnqueueDetail(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

		@Override
		public boolean isRequired() {
			return false;
		}

	}

	/** The further keys of {@link #PROCESS}, for traces only. */
	public enum ProcessDetail implements KeyName {

		/** The task's id. */
		ID("messaging.message.id"),
		/** Which attempt it is, from 1; those that used no retry are not counted. */
		ATTEMPT("task.attempt");

		private final String key;

		ProcessDetail(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/** The further keys of {@link #CRON}, for traces only. */
	public enum CronDetail implements KeyName {

		/** The cron task. */
		UUID("task.cron.uuid"),
		/** When the tick was due, in UTC. */
		TICK("task.cron.tick");

		private final String key;

		CronDetail(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
