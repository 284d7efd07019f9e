package io.taskqueue.client;

import java.util.List;

import io.taskqueue.EnqueueInterceptor;
import io.taskqueue.EnqueueInterceptor.Invocation;
import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskRequest;

/**
 * Enqueues through the interceptors, the first outermost.
 */
final class EnqueueChain {

	private final List<EnqueueInterceptor> interceptors;

	private final TaskEncoder encoder;

	EnqueueChain(List<EnqueueInterceptor> interceptors, TaskEncoder encoder) {
		this.interceptors = List.copyOf(interceptors);
		this.encoder = encoder;
	}

	boolean isEmpty() {
		return this.interceptors.isEmpty();
	}

	List<EnqueueResult> call(List<TaskRequest> requests, Invocation last) {
		return callFrom(0, requests.stream().map(this.encoder::filledIn).toList(), last);
	}

	private List<EnqueueResult> callFrom(int index, List<TaskRequest> requests, Invocation last) {
		if (index == this.interceptors.size()) {
			return last.proceed(requests);
		}
		EnqueueInterceptor interceptor = this.interceptors.get(index);
		List<EnqueueResult> results = interceptor.around(requests, (changed) -> {
			requireAsMany(interceptor, "requests", changed, requests);
			return callFrom(index + 1, List.copyOf(changed), last);
		});
		requireAsMany(interceptor, "answers", results, requests);
		return results;
	}

	private static void requireAsMany(EnqueueInterceptor interceptor, String what, List<?> given,
			List<TaskRequest> requests) {
		if (given.size() != requests.size()) {
			throw new IllegalStateException("%s made %d %s of %d requests".formatted(interceptor.getClass().getName(),
					given.size(), what, requests.size()));
		}
	}

}
