package io.taskqueue.handler;

import java.util.List;
import java.util.concurrent.Executor;

import io.taskqueue.RetryDelay;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskOptions;
import org.jspecify.annotations.Nullable;

/**
 * What runs the tasks of one type.
 *
 * @param pattern the task type, or a prefix of it that ends at a {@code :}, {@code .} or
 * {@code /}
 * @param source where it was declared, for messages:
 * {@code com.acme.LoginTasks#onFailure}
 * @param policy how its tasks are enqueued and retried
 * @param function the code to run
 */
public record Handler(String pattern, String source, Policy policy, Function function) {

	/**
	 * Runs one attempt.
	 */
	@FunctionalInterface
	public interface Function {

		/**
		 * Handles the task.
		 * @return the task's result; {@code null} for none
		 * @throws Exception to fail the attempt
		 */
		@Nullable Object handle(TaskContext task) throws Exception;

	}

	/**
	 * How the tasks of a handler are enqueued and retried.
	 *
	 * @param defaults options for tasks of this type that the call leaves unset
	 * @param retryDelay the wait between attempts; {@code null} for the worker's
	 * @param noRetryFor exceptions, or causes of them, after which a task is archived at
	 * once
	 * @param concurrency how many of its tasks one worker runs at once; 0 for no limit
	 * but the worker's
	 * @param totalConcurrency how many of its tasks run at once on all servers together;
	 * 0 for no limit
	 * @param executor runs its tasks, each in a call of its own; the worker never shuts
	 * it down. A task that waits in it holds its slot; one that it rejects is put off
	 * without using an attempt. {@code null} for the worker's executor
	 */
	public record Policy(TaskOptions defaults, @Nullable RetryDelay retryDelay,
			List<Class<? extends Throwable>> noRetryFor, int concurrency, int totalConcurrency,
			@Nullable Executor executor) {

		/** A policy that leaves everything to the defaults. */
		public static final Policy STANDARD = new Policy(TaskOptions.unset(), null, List.of(), 0);

		/**
		 * Creates a policy without a limit over all servers, on the worker's executor.
		 */
		public Policy(TaskOptions defaults, @Nullable RetryDelay retryDelay,
				List<Class<? extends Throwable>> noRetryFor, int concurrency) {
			this(defaults, retryDelay, noRetryFor, concurrency, 0, null);
		}

		/** Creates a policy on the worker's executor. */
		public Policy(TaskOptions defaults, @Nullable RetryDelay retryDelay,
				List<Class<? extends Throwable>> noRetryFor, int concurrency, int totalConcurrency) {
			this(defaults, retryDelay, noRetryFor, concurrency, totalConcurrency, null);
		}

		/** Returns a copy with the executor. */
		public Policy withExecutor(Executor executor) {
			return new Policy(this.defaults, this.retryDelay, this.noRetryFor, this.concurrency, this.totalConcurrency,
					executor);
		}

	}

}
