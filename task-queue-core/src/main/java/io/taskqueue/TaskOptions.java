package io.taskqueue;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How a task is to be enqueued and run. Immutable; what is {@code null} is unset and
 * taken from the next lower level: the call, then the configuration of the type, then its
 * handler's annotation, then the defaults.
 *
 * @param id the task's id, unique within its queue; unset: a random UUID
 * @param queue the queue; unset: {@code default}
 * @param at when to run at the earliest; unset: now. Not together with {@code in}
 * @param in how long to wait before the first run; unset: not at all
 * @param retry how many times a failed task is tried again, not negative; unset: 10
 * @param timeout the limit of one attempt, stored in whole seconds, rounded up; zero for
 * none beside the deadline (without one, workers apply asynq's 30 minutes); unset: 30
 * minutes, or none where there is a deadline
 * @param deadline when the task must be done; unset: never
 * @param retention how long the task is kept after success; unset: not at all
 * @param unique refuse the task while another one of the same queue, type and payload
 * holds the lock, at most for this long; at least one second; unset: no lock
 * @param uniqueKey what to lock in place of the payload; only together with
 * {@code unique}
 * @param onConflict what to do when the id is taken; unset: {@link OnConflict#FAIL}
 * @param headers free metadata, visible to Go's handlers; unmodifiable
 * @param group the aggregation group that the task waits in until an aggregator merges it
 * with others, not blank; one that is given a time joins its group then (with asynq's own
 * clients it runs by itself); unset: none
 */
public record TaskOptions(@Nullable String id, @Nullable String queue, @Nullable Instant at, @Nullable Duration in,
		@Nullable Integer retry, @Nullable Duration timeout, @Nullable Instant deadline, @Nullable Duration retention,
		@Nullable Duration unique, @Nullable String uniqueKey, @Nullable OnConflict onConflict,
		Map<String, String> headers, @Nullable String group) {

	private static final TaskOptions UNSET = new TaskOptions(null, null, null, null, null, null, null, null, null, null,
			null, Map.of(), null);

	public TaskOptions {
		headers = Map.copyOf(headers);
	}

	/** Returns options with nothing set. */
	public static TaskOptions unset() {
		return UNSET;
	}

	/** Returns a copy with the id. */
	public TaskOptions withId(String id) {
		return new TaskOptions(id, this.queue, this.at, this.in, this.retry, this.timeout, this.deadline,
				this.retention, this.unique, this.uniqueKey, this.onConflict, this.headers, this.group);
	}

	/** Returns a copy with the queue. */
	public TaskOptions withQueue(String queue) {
		return new TaskOptions(this.id, queue, this.at, this.in, this.retry, this.timeout, this.deadline,
				this.retention, this.unique, this.uniqueKey, this.onConflict, this.headers, this.group);
	}

	/** Returns a copy that runs at the given time, or at once where that has passed. */
	public TaskOptions withAt(Instant at) {
		return new TaskOptions(this.id, this.queue, at, this.in, this.retry, this.timeout, this.deadline,
				this.retention, this.unique, this.uniqueKey, this.onConflict, this.headers, this.group);
	}

	/** Returns a copy that runs after the given wait. */
	public TaskOptions withIn(Duration in) {
		return new TaskOptions(this.id, this.queue, this.at, in, this.retry, this.timeout, this.deadline,
				this.retention, this.unique, this.uniqueKey, this.onConflict, this.headers, this.group);
	}

	/** Returns a copy with the number of retries. */
	public TaskOptions withRetry(int retry) {
		return new TaskOptions(this.id, this.queue, this.at, this.in, retry, this.timeout, this.deadline,
				this.retention, this.unique, this.uniqueKey, this.onConflict, this.headers, this.group);
	}

	/** Returns a copy with the limit of one attempt. */
	public TaskOptions withTimeout(Duration timeout) {
		return new TaskOptions(this.id, this.queue, this.at, this.in, this.retry, timeout, this.deadline,
				this.retention, this.unique, this.uniqueKey, this.onConflict, this.headers, this.group);
	}

	/** Returns a copy with the deadline. */
	public TaskOptions withDeadline(Instant deadline) {
		return new TaskOptions(this.id, this.queue, this.at, this.in, this.retry, this.timeout, deadline,
				this.retention, this.unique, this.uniqueKey, this.onConflict, this.headers, this.group);
	}

	/** Returns a copy with the retention. */
	public TaskOptions withRetention(Duration retention) {
		return new TaskOptions(this.id, this.queue, this.at, this.in, this.retry, this.timeout, this.deadline,
				retention, this.unique, this.uniqueKey, this.onConflict, this.headers, this.group);
	}

	/** Returns a copy with a unique lock of at most the given duration. */
	public TaskOptions withUnique(Duration unique) {
		return new TaskOptions(this.id, this.queue, this.at, this.in, this.retry, this.timeout, this.deadline,
				this.retention, unique, this.uniqueKey, this.onConflict, this.headers, this.group);
	}

	/** Returns a copy that locks the given text in place of the payload. */
	public TaskOptions withUniqueKey(String uniqueKey) {
		return new TaskOptions(this.id, this.queue, this.at, this.in, this.retry, this.timeout, this.deadline,
				this.retention, this.unique, uniqueKey, this.onConflict, this.headers, this.group);
	}

	/** Returns a copy with the rule for a taken id. */
	public TaskOptions withOnConflict(OnConflict onConflict) {
		return new TaskOptions(this.id, this.queue, this.at, this.in, this.retry, this.timeout, this.deadline,
				this.retention, this.unique, this.uniqueKey, onConflict, this.headers, this.group);
	}

	/** Returns a copy with one more header; a header of the same name is replaced. */
	public TaskOptions withHeader(String name, String value) {
		return withHeaders(Map.of(name, value));
	}

	/** Returns a copy with more headers; those of the same names are replaced. */
	public TaskOptions withHeaders(Map<String, String> added) {
		Map<String, String> headers = new LinkedHashMap<>(this.headers);
		headers.putAll(added);
		return new TaskOptions(this.id, this.queue, this.at, this.in, this.retry, this.timeout, this.deadline,
				this.retention, this.unique, this.uniqueKey, this.onConflict, headers, this.group);
	}

	/** Returns a copy that waits in an aggregation group. */
	public TaskOptions withGroup(String group) {
		return new TaskOptions(this.id, this.queue, this.at, this.in, this.retry, this.timeout, this.deadline,
				this.retention, this.unique, this.uniqueKey, this.onConflict, this.headers, group);
	}

	/**
	 * Returns these options with what is unset taken from others. Headers are joined,
	 * these win. Where these name a time, the others' time is left out.
	 * @param lower the options of the next lower level
	 */
	public TaskOptions orElse(TaskOptions lower) {
		boolean timed = this.at != null || this.in != null;
		Map<String, String> joined = this.headers;
		if (!lower.headers.isEmpty()) {
			joined = new LinkedHashMap<>(lower.headers);
			joined.putAll(this.headers);
		}
		return new TaskOptions(first(this.id, lower.id), first(this.queue, lower.queue), timed ? this.at : lower.at,
				timed ? this.in : lower.in, first(this.retry, lower.retry), first(this.timeout, lower.timeout),
				first(this.deadline, lower.deadline), first(this.retention, lower.retention),
				first(this.unique, lower.unique), first(this.uniqueKey, lower.uniqueKey),
				first(this.onConflict, lower.onConflict), joined, first(this.group, lower.group));
	}

	private static <T> @Nullable T first(@Nullable T higher, @Nullable T lower) {
		return (higher != null) ? higher : lower;
	}

}
