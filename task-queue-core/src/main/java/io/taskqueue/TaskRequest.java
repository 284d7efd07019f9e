package io.taskqueue;

import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * A task to be enqueued. Checked when it is enqueued, not here.
 *
 * @param type the task's type, by convention lower case with {@code :} or {@code .}
 * between its parts
 * @param payload the payload, written by the {@link PayloadCodec}; {@code null} for none
 * @param options how to enqueue and run it
 */
public record TaskRequest(String type, @Nullable Object payload, TaskOptions options) {

	/** Returns a request with no options set. */
	public static TaskRequest of(String type, @Nullable Object payload) {
		return new TaskRequest(type, payload, TaskOptions.unset());
	}

	/**
	 * Returns a copy with changed options:
	 * {@code TaskRequest.of("report", month).with(options -> options.withRetry(3))}.
	 * @param change what to change
	 */
	public TaskRequest with(UnaryOperator<TaskOptions> change) {
		return new TaskRequest(this.type, this.payload, change.apply(this.options));
	}

}
