package io.taskqueue.observation;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.taskqueue.EnqueueInterceptor;
import io.taskqueue.EnqueueResult;
import io.taskqueue.Enqueued;
import io.taskqueue.TaskRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Observes calls that enqueue, and gives their tasks the context as headers. A header of
 * the same name that the caller has set, such as one copied from another task, is
 * replaced: the context of this call is the tasks' parent.
 */
final class EnqueueObservations implements EnqueueInterceptor, Ordered {

	private static final TaskEnqueueObservationConvention DEFAULT = new DefaultTaskEnqueueObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable TaskEnqueueObservationConvention convention;

	EnqueueObservations(ObservationRegistry registry, @Nullable TaskEnqueueObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public int getOrder() {
		return ProcessObservations.ORDER;
	}

	@Override
	@SuppressWarnings("try")
	public List<EnqueueResult> around(List<TaskRequest> requests, Invocation next) {
		if (this.registry.isNoop() || requests.isEmpty()) {
			return next.proceed(requests);
		}
		TaskEnqueueContext context = new TaskEnqueueContext(requests);
		Observation observation = TaskQueueObservation.ENQUEUE.start(this.convention, DEFAULT, () -> context,
				this.registry);
		try (Observation.Scope scope = observation.openScope()) {
			Map<String, String> headers = Objects.requireNonNull(context.getCarrier());
			List<EnqueueResult> results = next
				.proceed(headers.isEmpty() ? requests : requests.stream().map((task) -> with(task, headers)).toList());
			context.answered(results);
			recordError(observation, results);
			return results;
		}
		catch (RuntimeException | Error ex) {
			observation.error(ex);
			throw ex;
		}
		finally {
			observation.stop();
		}
	}

	private static TaskRequest with(TaskRequest request, Map<String, String> headers) {
		return new TaskRequest(request.type(), request.payload(), request.options().withHeaders(headers));
	}

	/** A conflict is an answer; an error is what nobody asked for. */
	private static void recordError(Observation observation, List<EnqueueResult> results) {
		for (EnqueueResult result : results) {
			if (result.error() != null
					&& (result.outcome() == Enqueued.UNKNOWN || result.outcome() == Enqueued.INVALID)) {
				observation.error(result.error());
				return;
			}
		}
	}

}
