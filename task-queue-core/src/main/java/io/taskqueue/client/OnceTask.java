package io.taskqueue.client;

import java.time.Duration;
import java.time.Instant;

import io.taskqueue.InvalidTaskException;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskOperations;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.TaskRequest;
import org.jspecify.annotations.Nullable;

/**
 * A task to be run once, told step by step:
 *
 * <pre class="code">
 * taskTemplate.once("login.failed").uuid("login.failed.bob").replace()
 *     .timeout(Duration.ofSeconds(10)).payload(login).enqueue();
 * </pre>
 *
 * What is not told is taken from the configuration of the type, its handler's annotation
 * and the {@link ClientOptions}. Values are checked when the task is enqueued; of a
 * method that is called twice the last call counts, except for times. Not thread-safe.
 */
public final class OnceTask {

	private final TaskOperations template;

	private TaskRequest request;

	private @Nullable String time;

	OnceTask(TaskOperations template, String type) {
		this.template = template;
		this.request = TaskRequest.of(type, null);
	}

	/**
	 * Gives the task's id, unique within its queue; not blank. Default: a random UUID.
	 */
	public OnceTask uuid(String id) {
		return options(options().withId(id));
	}

	/** Gives the queue: letters, digits and {@code . _ : -}. Default: {@code default}. */
	public OnceTask queue(String queue) {
		return options(options().withQueue(queue));
	}

	/** Gives the payload. Default: none. */
	public OnceTask payload(@Nullable Object payload) {
		this.request = new TaskRequest(this.request.type(), payload, options());
		return this;
	}

	/**
	 * Runs the task as soon as a worker is free. The default, unless the configuration of
	 * the type says otherwise.
	 * @throws InvalidTaskException when a time was given before
	 */
	public OnceTask now() {
		return time("now()").options(options().withIn(Duration.ZERO));
	}

	/**
	 * Runs the task after a wait; zero or less means now.
	 * @throws InvalidTaskException when a time was given before
	 */
	public OnceTask in(Duration wait) {
		return time("in(" + wait + ')').options(options().withIn(wait));
	}

	/**
	 * Runs the task at a time; one that has passed means now.
	 * @throws InvalidTaskException when a time was given before
	 */
	public OnceTask at(Instant time) {
		return time("at(" + time + ')').options(options().withAt(time));
	}

	/** Gives how many times the task is tried again; not negative. Default: 10. */
	public OnceTask retry(int retry) {
		return options(options().withRetry(retry));
	}

	/**
	 * Limits each attempt; rounded up to whole seconds, zero for no limit. Default: 30
	 * minutes, or none where there is a deadline.
	 */
	public OnceTask timeout(Duration timeout) {
		return options(options().withTimeout(timeout));
	}

	/** Gives when the task must be done, in whole seconds. Default: never. */
	public OnceTask deadline(Instant deadline) {
		return options(options().withDeadline(deadline));
	}

	/**
	 * Keeps the task after success; rounded up to whole seconds. Default: not at all.
	 */
	public OnceTask retention(Duration retention) {
		return options(options().withRetention(retention));
	}

	/**
	 * Refuses the task while another one of the same queue, type and payload holds the
	 * lock, at most for this long after its time; at least one second. Default: no lock.
	 */
	public OnceTask unique(Duration unique) {
		return options(options().withUnique(unique));
	}

	/** Locks the text in place of the payload. Only together with {@code unique}. */
	public OnceTask uniqueKey(String uniqueKey) {
		return options(options().withUniqueKey(uniqueKey));
	}

	/** Adds a header; one of the same name is replaced. */
	public OnceTask header(String name, String value) {
		return options(options().withHeader(name, value));
	}

	/**
	 * Lets the task wait in an aggregation group, to be merged with others; not blank.
	 * With a time it joins the group then. Default: none.
	 */
	public OnceTask group(String group) {
		return options(options().withGroup(group));
	}

	/** Says what to do when the id is taken. Default: {@link OnConflict#FAIL}. */
	public OnceTask onConflict(OnConflict onConflict) {
		return options(options().withOnConflict(onConflict));
	}

	/** Shorthand for {@link OnConflict#REPLACE}. */
	public OnceTask replace() {
		return onConflict(OnConflict.REPLACE);
	}

	/** Shorthand for {@link OnConflict#KEEP}. */
	public OnceTask keep() {
		return onConflict(OnConflict.KEEP);
	}

	/**
	 * Enqueues the task.
	 * @throws InvalidTaskException when something is wrong with it; nothing is written
	 * @throws TaskConflictException when its id is taken or its unique lock is held
	 * @throws TaskQueueUnavailableException when Redis does not confirm in time
	 * @throws TaskQueueRefusedException when Redis refuses for good
	 */
	public TaskInfo enqueue() {
		return this.template.enqueue(this.request);
	}

	/** Returns the task as a request, for bulk calls. */
	public TaskRequest toRequest() {
		return this.request;
	}

	private TaskOptions options() {
		return this.request.options();
	}

	private OnceTask options(TaskOptions options) {
		this.request = new TaskRequest(this.request.type(), this.request.payload(), options);
		return this;
	}

	private OnceTask time(String time) {
		if (this.time != null) {
			throw new InvalidTaskException("only one time may be given, were " + this.time + " and " + time);
		}
		this.time = time;
		return this;
	}

}
