package io.taskqueue.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.taskqueue.TaskContext;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerListener;
import io.taskqueue.worker.WorkerOptions;
import org.jspecify.annotations.Nullable;

/**
 * A service with a worker of its own on the queue {@code default}, which counts what it
 * does.
 */
final class Service implements AutoCloseable {

	private final AtomicInteger done = new AtomicInteger();

	private final AtomicInteger laterAttempts = new AtomicInteger();

	private final Map<String, AtomicInteger> deferrals = new ConcurrentHashMap<>();

	private final TaskQueue taskQueue;

	private final WorkerNode node;

	/** Which task is how long after the start, in nanoseconds. */
	private final long[] times;

	private volatile long startedAt;

	/**
	 * Connects a service, not started.
	 * @param type the one task type that it knows
	 * @param most how many tasks it will do at most
	 */
	Service(TestRedis redis, String type, int most) {
		this.times = new long[most];
		this.taskQueue = TaskQueue.connect(redis.jedisFactory(), TaskQueueOptions.standard("test"));
		HandlerRegistry handlers = new HandlerRegistry();
		handlers.register(new Handler(type, "Service", Handler.Policy.STANDARD, this::handle));
		this.node = this.taskQueue.node(handlers, WorkerHooks.none().withListeners(List.of(new Deferrals())),
				WorkerOptions.standard());
	}

	TaskQueue taskQueue() {
		return this.taskQueue;
	}

	void start() {
		this.startedAt = System.nanoTime();
		this.node.start();
	}

	/** Returns how many tasks its handler was called for. */
	int done() {
		return this.done.get();
	}

	/** Returns how long so many tasks took since the start. */
	Duration timeFor(int tasks) {
		return Duration.ofNanos(this.times[tasks - 1]);
	}

	/**
	 * Returns for how many tasks its handler was called although they had failed before.
	 */
	int laterAttempts() {
		return this.laterAttempts.get();
	}

	/** Returns how often each task was put off for lack of a handler. */
	Map<String, AtomicInteger> deferrals() {
		return this.deferrals;
	}

	@Override
	public void close() {
		this.node.stop();
		this.taskQueue.close();
	}

	private @Nullable Object handle(TaskContext task) {
		int count = this.done.getAndIncrement();
		this.times[count] = System.nanoTime() - this.startedAt;
		this.laterAttempts.addAndGet(task.retried());
		return null;
	}

	/** Counts what was put off. */
	private final class Deferrals implements WorkerListener {

		@Override
		public void ended(TaskContext task, Ending ending, @Nullable Throwable error, Duration ran) {
			if (ending == Ending.RELEASED) {
				Service.this.deferrals.computeIfAbsent(task.id(), (id) -> new AtomicInteger()).incrementAndGet();
			}
		}

	}

}
