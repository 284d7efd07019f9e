package io.taskqueue.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.taskqueue.observation.TaskQueueObservation.ProcessDetail;
import io.taskqueue.observation.TaskQueueObservation.LowCardinality;

/**
 * The names and keys of {@link TaskQueueObservation#PROCESS}.
 */
public class DefaultTaskProcessObservationConvention implements TaskProcessObservationConvention {

	private static final KeyValue SYSTEM = LowCardinality.SYSTEM.withValue("asynq");

	private static final KeyValue OPERATION_TYPE = LowCardinality.OPERATION_TYPE.withValue("process");

	private static final KeyValue OPERATION_NAME = LowCardinality.OPERATION_NAME.withValue("process");

	@Override
	public String getName() {
		return TaskQueueObservation.PROCESS.getName();
	}

	/** Returns {@code process} and the type. */
	@Override
	public String getContextualName(TaskProcessContext context) {
		return "process " + context.task().type();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(TaskProcessContext context) {
		return KeyValues.of(SYSTEM, OPERATION_TYPE, OPERATION_NAME,
				LowCardinality.DESTINATION.withValue(context.task().queue()),
				LowCardinality.TYPE.withValue(context.task().type()),
				LowCardinality.OUTCOME.withValue(context.outcome()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(TaskProcessContext context) {
		return KeyValues.of(ProcessDetail.ID.withValue(context.task().id()),
				ProcessDetail.ATTEMPT.withValue(String.valueOf(context.task().retried() + 1)));
	}

}
