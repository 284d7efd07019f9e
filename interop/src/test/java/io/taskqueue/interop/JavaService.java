package io.taskqueue.interop;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.taskqueue.AggregationRules;
import io.taskqueue.RetryDelay;
import io.taskqueue.SkipRetryException;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskOptions;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.cron.CronListener;
import io.taskqueue.cron.CronOptions;
import io.taskqueue.cron.CronScheduler;
import io.taskqueue.cron.CronSources;
import io.taskqueue.cron.CronTaskDefinition;
import io.taskqueue.cron.CronTaskRegistry;
import io.taskqueue.handler.Aggregator;
import io.taskqueue.handler.AggregatorRegistry;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.TaskQueueOptions;
import io.taskqueue.runtime.WorkerNode;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

import static org.awaitility.Awaitility.await;

/**
 * This library's side: a client, and a worker once it is started. Its handlers do what
 * {@link Behaviour} says.
 */
final class JavaService implements AutoCloseable {

	private final JedisConnectionFactory factory;

	private final TaskQueue taskQueue;

	private final TaskTemplate tasks;

	private final HandlerRegistry handlers = new HandlerRegistry();

	private final AggregatorRegistry aggregators = new AggregatorRegistry();

	private final Queue<TaskContext> attempts = new ConcurrentLinkedQueue<>();

	private volatile AttemptListener listener = (event, id, error) -> {
	};

	private @Nullable WorkerNode node;

	private @Nullable CronScheduler scheduler;

	JavaService(String host, int port) {
		this(host, port, null);
	}

	/** With the given clock in place of the one that follows Redis. */
	JavaService(String host, int port, @Nullable Clock clock) {
		this.factory = new JedisConnectionFactory(new RedisStandaloneConfiguration(host, port));
		this.factory.afterPropertiesSet();
		TaskQueueOptions options = TaskQueueOptions.standard("interop");
		this.taskQueue = (clock != null) ? TaskQueue.connect(this.factory, options, clock)
				: TaskQueue.connect(this.factory, options);
		this.tasks = this.taskQueue.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				ClientOptions.DEFAULTS);
		handle("t", this::behave);
		handle("email", this::behave);
		handle("merged", (task) -> null);
	}

	/** Returns a worker's options: failed tasks come again at once. */
	static WorkerOptions options() {
		return WorkerOptions.standard().withRetryDelay(RetryDelay.fixed(Duration.ZERO));
	}

	/** Returns a worker's options: failed tasks wait for an hour. */
	static WorkerOptions patient() {
		return WorkerOptions.standard().withRetryDelay(RetryDelay.fixed(Duration.ofHours(1)));
	}

	TaskTemplate tasks() {
		return this.tasks;
	}

	/** Returns an inspector of ours. */
	TaskInspector inspector() {
		return this.taskQueue.inspector();
	}

	/** Has the worker merge the tasks of all groups, as {@link Merged} says. */
	void aggregate(AggregationRules rules) {
		this.aggregators.register(new Aggregator("all", "*", null, rules, "JavaService", Merged::merge));
	}

	/** Adds a handler. */
	void handle(String pattern, Handler.Function function) {
		this.handlers.register(new Handler(pattern, "JavaService", Handler.Policy.STANDARD, (task) -> {
			this.attempts.add(task);
			this.listener.on("start", task.id(), null);
			try {
				Object result = function.handle(task);
				this.listener.on("finish", task.id(), null);
				return result;
			}
			catch (Exception ex) {
				this.listener.on("finish", task.id(), ex);
				throw ex;
			}
		}));
	}

	/** Tells the listener of every attempt from now on. */
	void listen(AttemptListener listener) {
		this.listener = listener;
	}

	/** Starts the worker. */
	void work(WorkerOptions options) {
		WorkerNode node = this.taskQueue.node(this.handlers, WorkerHooks.none(), options, this.aggregators,
				this.taskQueue.encoder(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
						ClientOptions.DEFAULTS),
				List.of());
		this.node = node;
		node.start();
	}

	/** Stops the worker. */
	void stop() {
		WorkerNode node = this.node;
		if (node != null) {
			node.stop();
		}
	}

	/** Declares cron tasks and fires them. */
	void schedule(CronTaskDefinition... definitions) {
		CronTaskRegistry registry = this.taskQueue.cronTasks(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				ClientOptions.DEFAULTS, CronOptions.DEFAULTS);
		List.of(definitions).forEach(registry::register);
		CronScheduler scheduler = new CronScheduler(registry, () -> CronSources.NONE, CronListener.NONE);
		this.scheduler = scheduler;
		scheduler.start();
	}

	/** Returns the attempts begun at a task. */
	List<TaskContext> attempts(String id) {
		return this.attempts.stream().filter((task) -> task.id().equals(id)).toList();
	}

	/** Returns how many attempts were begun. */
	int attempts() {
		return this.attempts.size();
	}

	/** Returns when an attempt at the task has begun. */
	void awaitStart(String id) {
		await().until(() -> !attempts(id).isEmpty());
	}

	@Override
	public void close() {
		stop();
		CronScheduler scheduler = this.scheduler;
		if (scheduler != null) {
			scheduler.stop();
		}
		this.tasks.close();
		this.taskQueue.close();
		this.factory.destroy();
	}

	private @Nullable Object behave(TaskContext task) throws InterruptedException {
		Behaviour behaviour = Behaviour.of(task.payload());
		if (behaviour.hold() > 0) {
			// Nobody counts it down: the attempt lasts so long or is interrupted
			new CountDownLatch(1).await(behaviour.hold(), TimeUnit.MILLISECONDS);
		}
		if (!behaviour.result().isEmpty()) {
			task.writeResult(behaviour.result().getBytes(StandardCharsets.UTF_8));
		}
		if (task.retried() >= behaviour.fail()) {
			return null;
		}
		String message = "failure %d of %s".formatted(task.retried() + 1, task.id());
		throw behaviour.skip() ? new SkipRetryException(message) : new IllegalStateException(message);
	}

	/** Hears of attempts. */
	@FunctionalInterface
	interface AttemptListener {

		/**
		 * An attempt begins or ends.
		 * @param event {@code start} or {@code finish}
		 * @param id the task
		 * @param error how it fails, {@code null} for not
		 */
		void on(String event, String id, @Nullable Exception error);

	}

}
