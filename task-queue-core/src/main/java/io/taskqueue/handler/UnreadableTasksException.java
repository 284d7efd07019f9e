package io.taskqueue.handler;

import java.util.Map;

import io.taskqueue.PayloadException;
import io.taskqueue.TaskQueueException;

/**
 * Tasks cannot be merged because their payloads cannot be read, whenever it is tried.
 */
public class UnreadableTasksException extends TaskQueueException {

	private static final long serialVersionUID = 1L;

	private final transient Map<String, PayloadException> errors;

	UnreadableTasksException(String source, Map<String, PayloadException> errors) {
		super("%d payloads do not fit aggregator %s, the first: %s".formatted(errors.size(), source,
				errors.values().iterator().next().getMessage()), null);
		this.errors = Map.copyOf(errors);
	}

	/** Returns why, by the task's id. */
	public Map<String, PayloadException> errors() {
		return this.errors;
	}

}
