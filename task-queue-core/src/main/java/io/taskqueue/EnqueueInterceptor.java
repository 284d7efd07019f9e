package io.taskqueue;

import java.util.List;

/**
 * Runs around every call that enqueues tasks, on the caller's thread, in the order of the
 * beans, the first outermost. It may change the requests, for instance add headers; what
 * it throws reaches the caller.
 */
@FunctionalInterface
public interface EnqueueInterceptor {

	/**
	 * Enqueues the tasks.
	 * @param requests the tasks: one for {@link TaskOperations#enqueue}, all of the call
	 * for {@link TaskOperations#enqueueAll}. Their types' defaults, queue and id are
	 * filled in, except in one that will be refused as invalid. Unmodifiable
	 * @param next the rest of the chain, ending with Redis; called at most once
	 * @return an answer per request, in their order
	 */
	List<EnqueueResult> around(List<TaskRequest> requests, Invocation next);

	/** The rest of the chain. */
	@FunctionalInterface
	interface Invocation {

		/**
		 * Goes on to the next interceptor or to Redis. Never throws for a task.
		 * @param requests as many requests as there were, in their order
		 * @return an answer per request, in their order
		 */
		List<EnqueueResult> proceed(List<TaskRequest> requests);

	}

}
