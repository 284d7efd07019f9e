package io.taskqueue.worker;

import java.util.List;

import io.taskqueue.TaskContext;
import io.taskqueue.TaskInterceptor;
import io.taskqueue.handler.Handler;
import org.jspecify.annotations.Nullable;

/**
 * Calls a handler through the interceptors, the first outermost.
 */
final class InterceptorChain {

	private final List<TaskInterceptor> interceptors;

	InterceptorChain(List<TaskInterceptor> interceptors) {
		this.interceptors = interceptors;
	}

	@Nullable Object call(TaskContext task, Handler.Function handler) throws Exception {
		return callFrom(0, task, handler);
	}

	private @Nullable Object callFrom(int index, TaskContext task, Handler.Function handler) throws Exception {
		if (index == this.interceptors.size()) {
			return handler.handle(task);
		}
		return this.interceptors.get(index).around(task, () -> callFrom(index + 1, task, handler));
	}

}
