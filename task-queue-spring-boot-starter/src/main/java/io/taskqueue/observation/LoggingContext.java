package io.taskqueue.observation;

import java.util.List;

import io.taskqueue.TaskContext;
import io.taskqueue.TaskInterceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.core.Ordered;

/**
 * Puts the task into the logging context while its handler runs, on the handler's thread,
 * and puts back what was there.
 */
final class LoggingContext implements TaskInterceptor, Ordered {

	static final String TASK_ID = "taskId";

	static final String TASK_TYPE = "taskType";

	static final String QUEUE = "taskQueue";

	static final String ATTEMPT = "taskAttempt";

	/** All keys, in the order of the manual. */
	static final List<String> KEYS = List.of(TASK_ID, TASK_TYPE, QUEUE, ATTEMPT);

	@Override
	public int getOrder() {
		return ProcessObservations.ORDER - 10;
	}

	@Override
	public @Nullable Object around(TaskContext task, Invocation next) throws Exception {
		String id = put(TASK_ID, task.id());
		String type = put(TASK_TYPE, task.type());
		String queue = put(QUEUE, task.queue());
		String attempt = put(ATTEMPT, String.valueOf(task.retried() + 1));
		try {
			return next.proceed();
		}
		finally {
			putBack(TASK_ID, id);
			putBack(TASK_TYPE, type);
			putBack(QUEUE, queue);
			putBack(ATTEMPT, attempt);
		}
	}

	private static @Nullable String put(String key, String value) {
		String before = MDC.get(key);
		MDC.put(key, value);
		return before;
	}

	private static void putBack(String key, @Nullable String before) {
		if (before != null) {
			MDC.put(key, before);
		}
		else {
			MDC.remove(key);
		}
	}

}
