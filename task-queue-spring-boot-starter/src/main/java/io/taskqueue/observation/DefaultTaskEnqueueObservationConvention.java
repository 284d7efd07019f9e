package io.taskqueue.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.taskqueue.observation.TaskQueueObservation.EnqueueDetail;
import io.taskqueue.observation.TaskQueueObservation.LowCardinality;

/**
 * The names and keys of {@link TaskQueueObservation#ENQUEUE}.
 */
public class DefaultTaskEnqueueObservationConvention implements TaskEnqueueObservationConvention {

	private static final KeyValue SYSTEM = LowCardinality.SYSTEM.withValue("asynq");

	private static final KeyValue OPERATION_TYPE = LowCardinality.OPERATION_TYPE.withValue("send");

	private static final KeyValue OPERATION_NAME = LowCardinality.OPERATION_NAME.withValue("enqueue");

	@Override
	public String getName() {
		return TaskQueueObservation.ENQUEUE.getName();
	}

	/** Returns {@code enqueue} and the type. */
	@Override
	public String getContextualName(TaskEnqueueContext context) {
		return "enqueue " + context.type();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(TaskEnqueueContext context) {
		return KeyValues.of(SYSTEM, OPERATION_TYPE, OPERATION_NAME,
				LowCardinality.DESTINATION.withValue(context.queue()), LowCardinality.TYPE.withValue(context.type()),
				LowCardinality.OUTCOME.withValue(context.outcome()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(TaskEnqueueContext context) {
		if (context.requests().size() > 1) {
			return KeyValues.of(EnqueueDetail.COUNT.withValue(String.valueOf(context.requests().size())));
		}
		String id = context.requests().get(0).options().id();
		return (id != null) ? KeyValues.of(EnqueueDetail.ID.withValue(id)) : KeyValues.empty();
	}

}
