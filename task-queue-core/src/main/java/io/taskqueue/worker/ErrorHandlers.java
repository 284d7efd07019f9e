package io.taskqueue.worker;

import java.util.List;

import io.taskqueue.TaskContext;
import io.taskqueue.TaskErrorHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all error handlers. Whatever one throws keeps neither the others from hearing nor
 * the task from being settled.
 */
final class ErrorHandlers {

	private static final Logger logger = LoggerFactory.getLogger(ErrorHandlers.class);

	private final List<TaskErrorHandler> handlers;

	ErrorHandlers(List<TaskErrorHandler> handlers) {
		this.handlers = handlers;
	}

	void tell(TaskContext task, Throwable error) {
		for (TaskErrorHandler handler : this.handlers) {
			try {
				handler.onError(task, error);
			}
			catch (Throwable ex) {
				// Any at all: without its outcome the task would be held for ever
				logger.error("Task error handler {} failed for {}", handler.getClass().getName(), task, ex);
			}
		}
	}

}
