package io.taskqueue.worker;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import io.taskqueue.TaskErrorHandler;
import io.taskqueue.TaskInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * What others may plug into a worker. Immutable.
 *
 * @param interceptors run around every attempt, the first outermost
 * @param executor runs the handlers that have no executor of their own; it may start a
 * thread per call, platform or virtual. The worker never shuts it down and never has more
 * than its concurrency plus two calls in it. {@code null} for a pool of platform threads
 * of the worker's own
 * @param types knows who handles which type
 * @param listeners hear what the worker does
 * @param errorHandlers hear of failed attempts before these are settled
 * @param paused tells which task types are not run for now; called for every task
 * @param decorator wraps every attempt, interceptors included, on the thread that runs it
 */
public record WorkerHooks(List<TaskInterceptor> interceptors, @Nullable Executor executor, TypeDirectory types,
		List<WorkerListener> listeners, List<TaskErrorHandler> errorHandlers, Predicate<String> paused,
		UnaryOperator<Runnable> decorator) {

	private static final WorkerHooks NONE = new WorkerHooks(List.of(), null, TypeDirectory.UNKNOWN, List.of(),
			List.of(), (type) -> false, UnaryOperator.identity());

	public WorkerHooks {
		interceptors = List.copyOf(interceptors);
		listeners = List.copyOf(listeners);
		errorHandlers = List.copyOf(errorHandlers);
	}

	/** Returns hooks with nothing plugged in. */
	public static WorkerHooks none() {
		return NONE;
	}

	/** Returns one listener that tells all and never throws. */
	public WorkerListener listener() {
		return new WorkerListeners(this.listeners);
	}

	/** Returns a copy with the interceptors. */
	public WorkerHooks withInterceptors(List<TaskInterceptor> interceptors) {
		return new WorkerHooks(interceptors, this.executor, this.types, this.listeners, this.errorHandlers, this.paused,
				this.decorator);
	}

	/** Returns a copy with the executor. */
	public WorkerHooks withExecutor(Executor executor) {
		return new WorkerHooks(this.interceptors, executor, this.types, this.listeners, this.errorHandlers, this.paused,
				this.decorator);
	}

	/** Returns a copy with the type directory. */
	public WorkerHooks withTypes(TypeDirectory types) {
		return new WorkerHooks(this.interceptors, this.executor, types, this.listeners, this.errorHandlers, this.paused,
				this.decorator);
	}

	/** Returns a copy with the listeners. */
	public WorkerHooks withListeners(List<WorkerListener> listeners) {
		return new WorkerHooks(this.interceptors, this.executor, this.types, listeners, this.errorHandlers, this.paused,
				this.decorator);
	}

	/** Returns a copy with the error handlers. */
	public WorkerHooks withErrorHandlers(List<TaskErrorHandler> errorHandlers) {
		return new WorkerHooks(this.interceptors, this.executor, this.types, this.listeners, errorHandlers, this.paused,
				this.decorator);
	}

	/** Returns a copy with what tells whether a task type is paused. */
	public WorkerHooks withPaused(Predicate<String> paused) {
		return new WorkerHooks(this.interceptors, this.executor, this.types, this.listeners, this.errorHandlers, paused,
				this.decorator);
	}

	/** Returns a copy with what wraps every attempt. */
	public WorkerHooks withDecorator(UnaryOperator<Runnable> decorator) {
		return new WorkerHooks(this.interceptors, this.executor, this.types, this.listeners, this.errorHandlers,
				this.paused, decorator);
	}

}
