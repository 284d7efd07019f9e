package io.taskqueue.observation;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.taskqueue.cron.CronFiring;
import io.taskqueue.cron.CronListener;
import org.jspecify.annotations.Nullable;

/**
 * Observes ticks of cron tasks, and gives their occurrences the context as headers. Opens
 * no scope: many ticks are fired by one call.
 */
final class CronObservations implements CronListener {

	private static final TaskCronObservationConvention DEFAULT = new DefaultTaskCronObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable TaskCronObservationConvention convention;

	CronObservations(ObservationRegistry registry, @Nullable TaskCronObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public CronFiring firing(String uuid, String type, String queue, Instant tick) {
		if (this.registry.isNoop()) {
			return CronFiring.NONE;
		}
		TaskCronContext context = new TaskCronContext(uuid, type, queue, tick);
		return new ObservedFiring(context,
				TaskQueueObservation.CRON.start(this.convention, DEFAULT, () -> context, this.registry));
	}

	private record ObservedFiring(TaskCronContext context, Observation observation) implements CronFiring {

		@Override
		public Map<String, String> headers() {
			return Objects.requireNonNull(this.context.getCarrier());
		}

		@Override
		public void ended(Ending ending, @Nullable Throwable error) {
			this.context.ended(ending.name().toLowerCase(Locale.ROOT));
			if (error != null) {
				this.observation.error(error);
			}
			this.observation.stop();
		}

	}

}
