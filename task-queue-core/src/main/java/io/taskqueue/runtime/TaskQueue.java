package io.taskqueue.runtime;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import io.taskqueue.EnqueueInterceptor;
import io.taskqueue.HealthListener;
import io.taskqueue.PayloadCodec;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskSemaphore;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskEncoder;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.cron.CronOptions;
import io.taskqueue.cron.CronTaskRegistry;
import io.taskqueue.handler.AggregatorRegistry;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.maintenance.AggregationListener;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.redis.ArchiveLimits;
import io.taskqueue.redis.RedisBroker;
import io.taskqueue.redis.RedisOptions;
import io.taskqueue.redis.ServerClock;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Task queues in one Redis: the connection, and what is made from it. Templates and nodes
 * share the connection, so close it last.
 */
public final class TaskQueue implements AutoCloseable {

	/** How many queues a worker watches, each over a connection of its own. */
	private static final int WATCHES = 16;

	private static final Duration BLOCK_TIME = Duration.ofSeconds(2);

	private final RedisBroker broker;

	private final Clock clock;

	private final String namespace;

	private TaskQueue(RedisBroker broker, Clock clock, String namespace) {
		this.broker = broker;
		this.clock = clock;
		this.namespace = namespace;
	}

	/**
	 * Connects with the system's clock, corrected by Redis's.
	 * @param factory says where Redis is; private connections are derived from it
	 * @param options how to connect
	 * @throws TaskQueueException when Redis cannot be reached, refuses, or is too old;
	 * nothing is left behind then
	 */
	public static TaskQueue connect(RedisConnectionFactory factory, TaskQueueOptions options) {
		return connect(factory, options, new ServerClock());
	}

	/**
	 * Connects with a clock of one's own, which is never corrected.
	 * @param factory says where Redis is; private connections are derived from it
	 * @param options how to connect
	 * @param clock tells the time of everything that is stored
	 * @throws TaskQueueException when Redis cannot be reached, refuses, or is too old;
	 * nothing is left behind then
	 */
	public static TaskQueue connect(RedisConnectionFactory factory, TaskQueueOptions options, Clock clock) {
		RedisBroker broker = new RedisBroker(factory,
				new RedisOptions(options.connections(), WATCHES, options.connectTimeout(), options.commandTimeout(),
						BLOCK_TIME, new ArchiveLimits(options.archiveSize(), options.archiveAge())),
				clock);
		broker.start(options.namespace(), options.queues());
		return new TaskQueue(broker, clock, options.namespace());
	}

	/**
	 * Returns a new template.
	 * @param codec writes payloads
	 * @param defaultsForType options for what a call leaves unset, by task type
	 * @param options limits and defaults
	 */
	public TaskTemplate template(PayloadCodec codec, Function<String, TaskOptions> defaultsForType,
			ClientOptions options) {
		return template(codec, defaultsForType, options, List.of());
	}

	/**
	 * Returns a new template with interceptors.
	 * @param codec writes payloads
	 * @param defaultsForType options for what a call leaves unset, by task type
	 * @param options limits and defaults
	 * @param interceptors run around every call that enqueues, the first outermost
	 */
	public TaskTemplate template(PayloadCodec codec, Function<String, TaskOptions> defaultsForType,
			ClientOptions options, List<EnqueueInterceptor> interceptors) {
		return new TaskTemplate(this.broker.enqueue(), codec, defaultsForType, options, interceptors, this.clock);
	}

	/**
	 * Returns a new node, not started.
	 * @param handlers the handlers; further ones may be registered at any time
	 * @param hooks interceptors, executor, listener
	 * @param options how it works
	 */
	public WorkerNode node(HandlerRegistry handlers, WorkerHooks hooks, WorkerOptions options) {
		return new WorkerNode(this.broker, this.namespace, handlers, hooks, options, this.clock);
	}

	/**
	 * Returns a new node, not started, that merges the tasks of aggregation groups too.
	 * @param handlers the handlers; further ones may be registered at any time
	 * @param hooks interceptors, executor, listener
	 * @param options how it works
	 * @param aggregators what merges tasks; further ones may be registered at any time
	 * @param encoder writes the merged tasks
	 * @param listeners hear what becomes of tasks in groups
	 */
	public WorkerNode node(HandlerRegistry handlers, WorkerHooks hooks, WorkerOptions options,
			AggregatorRegistry aggregators, TaskEncoder encoder, List<AggregationListener> listeners) {
		return node(handlers, hooks, options).aggregating(aggregators, encoder, listeners);
	}

	/**
	 * Returns a new encoder, which writes tasks as a template with the same arguments
	 * does.
	 * @param codec writes payloads
	 * @param defaultsForType options for what a request leaves unset, by task type
	 * @param options limits and defaults
	 */
	public TaskEncoder encoder(PayloadCodec codec, Function<String, TaskOptions> defaultsForType,
			ClientOptions options) {
		return new TaskEncoder(codec, defaultsForType, options, this.clock);
	}

	/**
	 * Returns a new registry of the namespace's cron tasks, from which schedulers are
	 * made.
	 * @param codec writes payloads
	 * @param defaultsForType options for what a definition leaves unset, by task type
	 * @param defaults limits, and what counts otherwise
	 * @param options how cron tasks are kept and fired
	 */
	public CronTaskRegistry cronTasks(PayloadCodec codec, Function<String, TaskOptions> defaultsForType,
			ClientOptions defaults, CronOptions options) {
		return new CronTaskRegistry(this.broker.cron(this.namespace), this.namespace,
				new TaskEncoder(codec, defaultsForType, defaults, this.clock), options, this.clock);
	}

	/** Returns a new inspector of all queues. */
	public TaskInspector inspector() {
		return new TaskInspector(this.broker.inspect(), this.broker.snapshots(), this.broker.control(), this.clock);
	}

	/**
	 * Returns a semaphore that counts together with all others of its scope, those of
	 * asynq's {@code x/rate} included.
	 * @param scope what is limited; a name that all who count use
	 * @param permits how many tasks may hold a permit at once, at least 1
	 * @throws IllegalArgumentException if the scope is blank or the number below 1
	 */
	public TaskSemaphore semaphore(String scope, int permits) {
		return new CountingSemaphore(this.broker.semaphores(), scope, permits);
	}

	/**
	 * Returns a check of the connection, not started.
	 * @param interval between checks, at least a millisecond
	 * @param listeners hear the results
	 */
	public HealthCheck healthCheck(Duration interval, List<HealthListener> listeners) {
		return new HealthCheck(this.broker::ping, interval, listeners);
	}

	/** Asks whoever runs the task to cancel it; without effect if nobody does. */
	public void cancel(String id) {
		this.broker.fleet().cancel(id);
	}

	/**
	 * Returns how far Redis's clock is ahead of this machine's, or behind if negative, as
	 * far as it is corrected: zero below 100 ms, before it was measured, and with a clock
	 * of one's own.
	 */
	public Duration clockOffset() {
		return (this.clock instanceof ServerClock server) ? server.offset() : Duration.ZERO;
	}

	/** Closes all connections. */
	@Override
	public void close() {
		this.broker.close();
	}

}
