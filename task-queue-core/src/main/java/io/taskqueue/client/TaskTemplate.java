package io.taskqueue.client;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

import io.taskqueue.EnqueueFailureListener;
import io.taskqueue.EnqueueInterceptor;
import io.taskqueue.EnqueueInterceptor.Invocation;
import io.taskqueue.EnqueueResult;
import io.taskqueue.Enqueued;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.PayloadCodec;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskOperations;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.TaskRequest;
import io.taskqueue.broker.EnqueueBroker;
import io.taskqueue.broker.EnqueueBroker.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enqueues tasks. Calls of many threads to the same queue share round trips to Redis, a
 * lone call is sent at once. Thread-safe; meant to be made once and used for long.
 */
public final class TaskTemplate implements TaskOperations, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(TaskTemplate.class);

	private static final int ALL = Integer.MAX_VALUE;

	private final TaskEncoder encoder;

	private final EnqueueChain chain;

	private final BatchSender sender;

	private final ClientOptions options;

	private final Clock clock;

	private final Map<String, GroupCommit> groups = new ConcurrentHashMap<>();

	/** One permit for each running call; closing takes all and gives none back. */
	private final Semaphore calls = new Semaphore(ALL);

	private final AfterCommitTemplate afterCommit = new AfterCommitTemplate(this);

	private volatile boolean closed;

	/**
	 * Creates a template.
	 * @param broker where tasks are stored; not closed by the template
	 * @param codec writes payloads
	 * @param defaultsForType options for what a call leaves unset, by task type: its
	 * configuration, then its handler's annotation; called for every task, from many
	 * threads
	 * @param options limits, and defaults for what is then still unset
	 * @param clock tells the time that delays count from
	 */
	public TaskTemplate(EnqueueBroker broker, PayloadCodec codec, Function<String, TaskOptions> defaultsForType,
			ClientOptions options, Clock clock) {
		this(broker, codec, defaultsForType, options, List.of(), clock);
	}

	/**
	 * Creates a template with interceptors.
	 * @param broker where tasks are stored; not closed by the template
	 * @param codec writes payloads
	 * @param defaultsForType options for what a call leaves unset, by task type: its
	 * configuration, then its handler's annotation; called for every task, from many
	 * threads
	 * @param options limits, and defaults for what is then still unset
	 * @param interceptors run around every call, the first outermost
	 * @param clock tells the time that delays count from
	 */
	public TaskTemplate(EnqueueBroker broker, PayloadCodec codec, Function<String, TaskOptions> defaultsForType,
			ClientOptions options, List<EnqueueInterceptor> interceptors, Clock clock) {
		this.encoder = new TaskEncoder(codec, defaultsForType, options, clock);
		this.chain = new EnqueueChain(interceptors, this.encoder);
		this.sender = new BatchSender(broker, options);
		this.options = options;
		this.clock = clock;
	}

	/**
	 * Tells of tasks that could not be enqueued {@link #afterCommit() after a commit},
	 * when nobody waits for an answer any more. They are logged in any case.
	 * @param listener called on the thread of the transaction; takes the place of an
	 * earlier one
	 * @return this template
	 */
	public TaskTemplate reportingTo(EnqueueFailureListener listener) {
		this.afterCommit.reportTo(listener);
		return this;
	}

	/**
	 * Returns a view that enqueues when the current transaction has committed, and at
	 * once where there is none.
	 */
	public AfterCommitTemplate afterCommit() {
		return this.afterCommit;
	}

	/**
	 * Begins a task that is told step by step.
	 * @param type the task's type
	 */
	public OnceTask once(String type) {
		return new OnceTask(this, type);
	}

	@Override
	public TaskInfo enqueue(TaskRequest request) {
		begin();
		try {
			if (this.chain.isEmpty()) {
				return send(request).orThrow();
			}
			return this.chain.call(List.of(request), (requests) -> List.of(answer(requests.get(0)))).get(0).orThrow();
		}
		finally {
			this.calls.release();
		}
	}

	/**
	 * {@inheritDoc} Tasks that Redis refuses are answered as unknown, with the refusal as
	 * their error. Where a batch is not confirmed in time, further ones of its queue are
	 * not sent, and their answers say so.
	 * @throws TaskQueueUnavailableException when the template is closed
	 */
	@Override
	public List<EnqueueResult> enqueueAll(Collection<TaskRequest> requests) {
		List<TaskRequest> all = List.copyOf(requests);
		begin();
		try {
			return this.chain.isEmpty() ? sendAll(all) : this.chain.call(all, this::sendAll);
		}
		finally {
			this.calls.release();
		}
	}

	/**
	 * Refuses new calls and waits for the running ones, at most twice the client's
	 * timeout: a call may take that, and one time-out of the connection. Calls that take
	 * longer go on. To call it again has no effect.
	 */
	@Override
	public void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		try {
			if (!this.calls.tryAcquire(ALL, 2 * this.options.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
				logger.warn("Closed while {} enqueue calls were still waiting for Redis",
						ALL - this.calls.availablePermits());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Checks and encodes tasks as an enqueue does, and gives those that are valid to
	 * someone who sends them later.
	 */
	List<EnqueueResult> keepAll(List<TaskRequest> requests, Consumer<EncodedTask> keeper) {
		begin();
		try {
			Invocation last = (tasks) -> tasks.stream().map((task) -> keep(task, keeper)).toList();
			return this.chain.isEmpty() ? last.proceed(requests) : this.chain.call(requests, last);
		}
		finally {
			this.calls.release();
		}
	}

	/** Sends what was kept. */
	List<EnqueueResult> sendKept(List<EncodedTask> tasks) {
		begin();
		try {
			Instant now = this.clock.instant();
			List<EncodedTask> due = tasks.stream().map((task) -> task.at(now)).toList();
			return new BulkEnqueue(this.encoder, this.sender, this.clock, due.size()).send(due);
		}
		finally {
			this.calls.release();
		}
	}

	private EnqueueResult keep(TaskRequest request, Consumer<EncodedTask> keeper) {
		try {
			EncodedTask task = this.encoder.encode(request);
			keeper.accept(task);
			return task.afterCommit();
		}
		catch (InvalidTaskException ex) {
			return new EnqueueResult(Enqueued.INVALID, null, ex);
		}
	}

	private EnqueueResult send(TaskRequest request) {
		EncodedTask task = this.encoder.encode(request);
		Answer answer = group(task.queue()).enqueue(task.command());
		return task.result(answer, this.clock.instant());
	}

	private EnqueueResult answer(TaskRequest request) {
		try {
			return send(request);
		}
		catch (InvalidTaskException ex) {
			return new EnqueueResult(Enqueued.INVALID, null, ex);
		}
		catch (TaskQueueException ex) {
			return new EnqueueResult(Enqueued.UNKNOWN, null, ex);
		}
	}

	private List<EnqueueResult> sendAll(List<TaskRequest> requests) {
		return new BulkEnqueue(this.encoder, this.sender, this.clock, requests.size()).run(requests);
	}

	private void begin() {
		if (this.closed || !this.calls.tryAcquire()) {
			throw new TaskQueueUnavailableException("the task template is closed; nothing was sent", null);
		}
	}

	private GroupCommit group(String queue) {
		GroupCommit group = this.groups.get(queue);
		return (group != null) ? group
				: this.groups.computeIfAbsent(queue, (name) -> new GroupCommit(name, this.sender));
	}

}
