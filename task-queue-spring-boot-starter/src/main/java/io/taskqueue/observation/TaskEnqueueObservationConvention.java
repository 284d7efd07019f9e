package io.taskqueue.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and keys of observed calls that enqueue tasks. A bean of this type takes the
 * place of {@link DefaultTaskEnqueueObservationConvention}.
 */
public interface TaskEnqueueObservationConvention extends ObservationConvention<TaskEnqueueContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof TaskEnqueueContext;
	}

}
