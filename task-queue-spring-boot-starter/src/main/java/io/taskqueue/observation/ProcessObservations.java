package io.taskqueue.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.taskqueue.RetryLaterException;
import io.taskqueue.RevokeTaskException;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskInterceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Observes attempts, as children of what enqueued the task.
 */
final class ProcessObservations implements TaskInterceptor, Ordered {

	/** Outside of nearly everything, so that interceptors see the span and its trace. */
	static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

	private static final int DEEPEST_CAUSE = 20;

	private static final TaskProcessObservationConvention DEFAULT = new DefaultTaskProcessObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable TaskProcessObservationConvention convention;

	ProcessObservations(ObservationRegistry registry, @Nullable TaskProcessObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	@SuppressWarnings("try")
	public @Nullable Object around(TaskContext task, Invocation next) throws Exception {
		if (this.registry.isNoop()) {
			return next.proceed();
		}
		TaskProcessContext context = new TaskProcessContext(task);
		Observation observation = TaskQueueObservation.PROCESS.start(this.convention, DEFAULT, () -> context,
				this.registry);
		try (Observation.Scope scope = observation.openScope()) {
			Object result = next.proceed();
			context.ended(task.isInterrupted() ? "interrupted" : "completed");
			return result;
		}
		catch (Throwable ex) {
			failed(observation, context, ex);
			throw ex;
		}
		finally {
			observation.stop();
		}
	}

	/** What a handler asks for by an exception is no error. */
	private static void failed(Observation observation, TaskProcessContext context, Throwable error) {
		if (context.task().isInterrupted()) {
			context.ended("interrupted");
			observation.error(error);
		}
		else if (isCausedBy(error, RevokeTaskException.class)) {
			context.ended("revoked");
		}
		else if (isCausedBy(error, RetryLaterException.class)) {
			context.ended("retry_later");
		}
		else {
			context.ended("failed");
			observation.error(error);
		}
	}

	private static boolean isCausedBy(Throwable error, Class<? extends Throwable> type) {
		Throwable cause = error;
		for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
			if (type.isInstance(cause)) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

}
