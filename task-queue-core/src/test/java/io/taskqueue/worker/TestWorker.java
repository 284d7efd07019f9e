package io.taskqueue.worker;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.taskqueue.RetryDelay;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.testing.InMemoryBroker;
import io.taskqueue.testing.InMemoryQueue;
import io.taskqueue.wire.TaskMessage;

/**
 * A worker on a broker in memory, with everything that is periodic made quick.
 */
final class TestWorker implements AutoCloseable {

	static final Rhythm QUICK = new Rhythm(Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMillis(5),
			Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofSeconds(2));

	final InMemoryBroker broker;

	final HandlerRegistry handlers = new HandlerRegistry();

	private final Clock clock;

	private WorkerOptions options = WorkerOptions.standard()
		.withRetryDelay(RetryDelay.fixed(Duration.ofSeconds(10)))
		.withShutdownTimeout(Duration.ofSeconds(5))
		.withInterruptGrace(Duration.ofSeconds(5));

	private WorkerHooks hooks = WorkerHooks.none();

	private Rhythm rhythm = QUICK;

	private Worker worker;

	TestWorker() {
		this(Clock.systemUTC());
	}

	TestWorker(Clock clock) {
		this.clock = clock;
		this.broker = new InMemoryBroker(clock);
	}

	TestWorker options(UnaryOperator<WorkerOptions> change) {
		this.options = change.apply(this.options);
		return this;
	}

	TestWorker hooks(UnaryOperator<WorkerHooks> change) {
		this.hooks = change.apply(this.hooks);
		return this;
	}

	TestWorker rhythm(Rhythm rhythm) {
		this.rhythm = rhythm;
		return this;
	}

	TestWorker handle(String type, Handler.Function function) {
		return handle(type, Handler.Policy.STANDARD, function);
	}

	TestWorker handle(String type, Handler.Policy policy, Handler.Function function) {
		this.handlers.register(new Handler(type, "Test#" + type, policy, function));
		return this;
	}

	Worker worker() {
		if (this.worker == null) {
			this.worker = new Worker(this.broker, this.broker, this.broker, this.handlers, this.hooks, this.options,
					this.clock, this.rhythm);
		}
		return this.worker;
	}

	TestWorker start() {
		worker().start();
		return this;
	}

	InMemoryQueue queue() {
		return this.broker.queue("default");
	}

	void push(String type, String... ids) {
		for (String id : ids) {
			this.broker.push(task(type, id).build());
		}
	}

	static TaskBuilder task(String type, String id) {
		return new TaskBuilder(type, id);
	}

	@Override
	public void close() {
		this.broker.heal();
		worker().stop();
	}

	/** Builds records. */
	static final class TaskBuilder {

		private final String type;

		private final String id;

		private String queue = "default";

		private int retry = 10;

		private int retried;

		private long timeout = 1800;

		private long deadline;

		private long retention;

		private String uniqueKey = "";

		TaskBuilder(String type, String id) {
			this.type = type;
			this.id = id;
		}

		TaskBuilder queue(String queue) {
			this.queue = queue;
			return this;
		}

		TaskBuilder retry(int retry, int retried) {
			this.retry = retry;
			this.retried = retried;
			return this;
		}

		TaskBuilder timeout(long timeout) {
			this.timeout = timeout;
			return this;
		}

		TaskBuilder deadline(long deadline) {
			this.deadline = deadline;
			return this;
		}

		TaskBuilder retention(long retention) {
			this.retention = retention;
			return this;
		}

		TaskBuilder uniqueKey(String uniqueKey) {
			this.uniqueKey = uniqueKey;
			return this;
		}

		TaskMessage build() {
			return new TaskMessage(this.type, "payload".getBytes(StandardCharsets.UTF_8), this.id, this.queue,
					this.retry, this.retried, "", this.timeout, this.deadline, this.uniqueKey, 0, this.retention, 0, "",
					Map.of("trace", "1"));
		}

	}

}
