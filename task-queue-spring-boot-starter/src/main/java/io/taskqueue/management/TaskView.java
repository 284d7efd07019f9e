package io.taskqueue.management;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import io.taskqueue.TaskInfo;
import io.taskqueue.TaskState;
import io.taskqueue.inspect.TaskDetails;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A task as the endpoint shows it. Values that may hold secrets are masked unless they
 * are to be shown; their keys and lengths are not.
 *
 * @param queue the queue
 * @param id the id
 * @param state where it is
 * @param type its type
 * @param payload its payload as text
 * @param payloadBytes how long that is
 * @param headers its headers
 * @param maxRetry how many retries it is allowed
 * @param retried how many it has used
 * @param lastError the error of the last failed attempt
 * @param lastFailedAt when it failed
 * @param nextProcessAt when it runs next
 * @param completedAt when it was completed
 * @param result its result as text
 * @param owner which of our workers holds it
 * @param orphaned whether its worker has probably died
 * @param problem what is wrong with it
 */
public record TaskView(String queue, String id, @Nullable TaskState state, @Nullable String type,
		@Nullable String payload, @Nullable Integer payloadBytes, @Nullable Map<String, String> headers,
		@Nullable Integer maxRetry, @Nullable Integer retried, @Nullable String lastError,
		@Nullable Instant lastFailedAt, @Nullable Instant nextProcessAt, @Nullable Instant completedAt,
		@Nullable String result, @Nullable String owner, boolean orphaned,
		@Nullable String problem) implements OperationResponseBody {

	/** What stands for a value that is not shown, as in Boot's endpoints. */
	static final String MASKED = "******";

	static TaskView of(TaskDetails details, boolean shown, int maxLength) {
		TaskInfo task = details.task();
		if (task == null) {
			return new TaskView(details.queue(), details.id(), details.state(), null, null, null, null, null, null,
					null, null, null, null, null, details.owner(), details.orphaned(), details.problem());
		}
		Values values = new Values(shown, maxLength);
		Map<String, String> headers = new TreeMap<>();
		task.headers().forEach((name, value) -> headers.put(name, values.text(value)));
		return new TaskView(details.queue(), details.id(), details.state(), task.type(), values.bytes(task.payload()),
				task.payload().length, headers, task.maxRetry(), task.retried(), values.orNull(task.lastError()),
				task.lastFailedAt(), task.nextProcessAt(), task.completedAt(),
				(task.result() != null) ? values.bytes(task.result()) : null, details.owner(), details.orphaned(),
				details.problem());
	}

	private record Values(boolean shown, int maxLength) {

		String text(String value) {
			if (!this.shown) {
				return MASKED;
			}
			return (value.length() > this.maxLength) ? value.substring(0, this.maxLength) + "…" : value;
		}

		@Nullable String orNull(@Nullable String value) {
			return (value != null) ? text(value) : null;
		}

		String bytes(byte[] value) {
			return text(new String(value, StandardCharsets.UTF_8));
		}

	}

}
