package io.taskqueue.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.taskqueue.observation.TaskQueueObservation.CronDetail;
import io.taskqueue.observation.TaskQueueObservation.LowCardinality;

/**
 * The names and keys of {@link TaskQueueObservation#CRON}.
 */
public class DefaultTaskCronObservationConvention implements TaskCronObservationConvention {

	private static final KeyValue SYSTEM = LowCardinality.SYSTEM.withValue("asynq");

	private static final KeyValue OPERATION_TYPE = LowCardinality.OPERATION_TYPE.withValue("send");

	private static final KeyValue OPERATION_NAME = LowCardinality.OPERATION_NAME.withValue("fire");

	@Override
	public String getName() {
		return TaskQueueObservation.CRON.getName();
	}

	/** Returns {@code fire} and the type. */
	@Override
	public String getContextualName(TaskCronContext context) {
		return "fire " + context.type();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(TaskCronContext context) {
		return KeyValues.of(SYSTEM, OPERATION_TYPE, OPERATION_NAME,
				LowCardinality.DESTINATION.withValue(context.queue()), LowCardinality.TYPE.withValue(context.type()),
				LowCardinality.OUTCOME.withValue(context.outcome()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(TaskCronContext context) {
		return KeyValues.of(CronDetail.UUID.withValue(context.uuid()),
				CronDetail.TICK.withValue(context.tick().toString()));
	}

}
