package io.taskqueue;

import org.jspecify.annotations.Nullable;

/**
 * Runs around every attempt, in the order of the beans, the first outermost (asynq's
 * middleware). It sees what the handler returns or throws and may change either; what it
 * throws itself is treated as if the handler had thrown it.
 */
@FunctionalInterface
public interface TaskInterceptor {

	/**
	 * Runs the attempt.
	 * @param task the attempt
	 * @param next the rest of the chain, ending with the handler; called at most once
	 * @return what the handler returned, or something in its place
	 * @throws Exception to fail the attempt
	 */
	@Nullable Object around(TaskContext task, Invocation next) throws Exception;

	/** The rest of the chain. */
	@FunctionalInterface
	interface Invocation {

		/**
		 * Goes on to the next interceptor or the handler.
		 * @return what the handler returned
		 * @throws Exception what the handler threw
		 */
		@Nullable Object proceed() throws Exception;

	}

}
