package io.taskqueue.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and keys of observed ticks of cron tasks. A bean of this type takes the place of
 * {@link DefaultTaskCronObservationConvention}.
 */
public interface TaskCronObservationConvention extends ObservationConvention<TaskCronContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof TaskCronContext;
	}

}
