package io.taskqueue.runtime;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.taskqueue.HandlerControl;
import io.taskqueue.broker.FleetBroker;
import io.taskqueue.client.TaskEncoder;
import io.taskqueue.handler.AggregatorRegistry;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.maintenance.Aggregation;
import io.taskqueue.maintenance.AggregationListener;
import io.taskqueue.maintenance.Upkeep;
import io.taskqueue.redis.RedisBroker;
import io.taskqueue.wire.TaskMessage;
import io.taskqueue.worker.PausedTypes;
import io.taskqueue.worker.Worker;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerListener;
import io.taskqueue.worker.WorkerOptions;
import org.jspecify.annotations.Nullable;

/**
 * A process that works on queues: a worker, and the upkeep of its queues. May be started
 * and stopped again and again; both are idempotent.
 */
public final class WorkerNode {

	/** The longest wait before a task that a dead asynq server held is retried. */
	private static final int LONGEST_DOUBLING = 8;

	private final RedisBroker broker;

	private final Worker worker;

	private final WorkerOptions options;

	private final PausedTypes pauses;

	private final WorkerListener listener;

	private final Clock clock;

	/** What runs beside the worker between start and stop; guarded by this. */
	private @Nullable Upkeep upkeep;

	private @Nullable Aggregation aggregation;

	/** What merges tasks, set before the start. */
	private @Nullable Supplier<Aggregation> aggregating;

	private @Nullable QueueListening listening;

	WorkerNode(RedisBroker broker, String namespace, HandlerRegistry handlers, WorkerHooks hooks, WorkerOptions options,
			Clock clock) {
		this.broker = broker;
		this.options = options;
		this.listener = hooks.listener();
		this.clock = clock;
		this.pauses = new PausedTypes(broker.pauses(namespace));
		WorkerHooks withPauses = hooks.withPaused((type) -> this.pauses.isPaused(type) || hooks.paused().test(type));
		this.worker = new Worker(broker.work(), broker.fleet(), broker.semaphores(), handlers, withPauses, options,
				clock);
	}

	/**
	 * Merges the tasks of aggregation groups from the next start on.
	 * @param aggregators what merges them; further ones may be registered at any time
	 * @param encoder writes the merged tasks
	 * @param listeners hear what becomes of tasks
	 * @return this node
	 */
	synchronized WorkerNode aggregating(AggregatorRegistry aggregators, TaskEncoder encoder,
			List<AggregationListener> listeners) {
		this.aggregating = () -> new Aggregation(this.broker.aggregation(), aggregators, encoder,
				this.worker.queues().names(), this.clock, listeners);
		return this;
	}

	/** Starts working. */
	public synchronized void start() {
		if (this.upkeep != null) {
			return;
		}
		Upkeep upkeep = new Upkeep(this.broker.upkeep(), this.broker.fleet(), this.worker.queues().names(), this.clock,
				WorkerNode::afterLostLease, this.listener::recovered);
		this.upkeep = upkeep;
		Set<String> queues = this.worker.queues().names();
		QueueListening listening = new QueueListening(this.broker.fleet(), queues, new FleetBroker.Listener() {

			@Override
			public void onCancel(String id) {
				WorkerNode.this.worker.cancel(id);
			}

			@Override
			public void onCancel(String queue, String id) {
				WorkerNode.this.worker.cancel(queue, id);
			}

			@Override
			public void onEarlierDue(String queue) {
				upkeep.onEarlierDue(queue);
			}

		});
		this.listening = listening;
		this.worker.queues().whenChanged(listening::renew);
		// Before the first fetch, so that nothing that is paused is run
		this.pauses.start();
		this.worker.start();
		listening.renew();
		upkeep.start();
		if (this.aggregating != null) {
			this.aggregation = this.aggregating.get();
			this.aggregation.start();
		}
	}

	/**
	 * Stops: first what feeds the queues (sets of tasks under way are merged meanwhile),
	 * then the worker, which waits for its running tasks and gives back the rest.
	 * Cancellations are heard until the end.
	 */
	public synchronized void stop() {
		Upkeep upkeep = this.upkeep;
		if (upkeep == null) {
			return;
		}
		this.upkeep = null;
		upkeep.stop();
		Aggregation aggregation = this.aggregation;
		this.aggregation = null;
		if (aggregation != null) {
			aggregation.stopTaking();
		}
		long stopping = System.nanoTime();
		this.worker.stop();
		if (aggregation != null) {
			// Beside the worker's tasks, so that both have the same time
			aggregation.stop(this.options.shutdownTimeout().minusNanos(System.nanoTime() - stopping));
		}
		this.pauses.stop();
		QueueListening listening = this.listening;
		if (listening != null) {
			listening.close();
		}
	}

	/** Tells whether the node works. */
	public boolean isRunning() {
		return this.worker.isRunning();
	}

	/** Returns what pauses and resumes task types, here and everywhere. */
	public HandlerControl handlerControl() {
		return this.pauses;
	}

	/** Returns the worker, to look at. */
	public Worker worker() {
		return this.worker;
	}

	/** 10 s, doubling to about 43 minutes: the default's shape, without its jitter. */
	private static Duration afterLostLease(TaskMessage message) {
		return Duration.ofSeconds(10L << Math.min(message.retried(), LONGEST_DOUBLING));
	}

}
