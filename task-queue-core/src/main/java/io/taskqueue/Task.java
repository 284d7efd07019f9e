package io.taskqueue;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A task with its payload already read: what a handler method may ask for in place of the
 * bare payload.
 *
 * @param <T> the payload's type
 * @param payload the payload; {@code null} where the task has none
 * @param context the attempt
 */
public record Task<T>(@Nullable T payload, TaskContext context) {

	/** Returns the task's id. */
	public String id() {
		return this.context.id();
	}

	/** Returns the task's type. */
	public String type() {
		return this.context.type();
	}

	/** Returns the task's headers. */
	public Map<String, String> headers() {
		return this.context.headers();
	}

}
