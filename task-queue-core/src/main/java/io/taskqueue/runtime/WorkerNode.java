package io.taskqueue.runtime;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;

import io.taskqueue.broker.FleetBroker;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.maintenance.Upkeep;
import io.taskqueue.redis.RedisBroker;
import io.taskqueue.wire.TaskMessage;
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

	private final Set<String> queues;

	private final WorkerListener listener;

	private final Clock clock;

	/** What runs beside the worker between start and stop; guarded by this. */
	private @Nullable Upkeep upkeep;

	private FleetBroker.@Nullable Listening listening;

	WorkerNode(RedisBroker broker, HandlerRegistry handlers, WorkerHooks hooks, WorkerOptions options, Clock clock) {
		this.broker = broker;
		this.queues = options.queues().keySet();
		this.listener = hooks.listener();
		this.clock = clock;
		this.worker = new Worker(broker.work(), broker.fleet(), handlers, hooks, options, clock);
	}

	/** Starts working. */
	public synchronized void start() {
		if (this.upkeep != null) {
			return;
		}
		Upkeep upkeep = new Upkeep(this.broker.upkeep(), this.broker.fleet(), this.queues, this.clock,
				WorkerNode::afterLostLease, this.listener::recovered);
		this.upkeep = upkeep;
		this.worker.start();
		this.listening = this.broker.fleet().listen(this.queues, new FleetBroker.Listener() {

			@Override
			public void onCancel(String id) {
				WorkerNode.this.worker.cancel(id);
			}

			@Override
			public void onEarlierDue(String queue) {
				upkeep.onEarlierDue(queue);
			}

		});
		upkeep.start();
	}

	/**
	 * Stops: first what feeds the queues, then the worker, which waits for its running
	 * tasks and gives back the rest. Cancellations are heard until the end.
	 */
	public synchronized void stop() {
		Upkeep upkeep = this.upkeep;
		if (upkeep == null) {
			return;
		}
		this.upkeep = null;
		upkeep.stop();
		this.worker.stop();
		FleetBroker.Listening listening = this.listening;
		if (listening != null) {
			listening.close();
		}
	}

	/** Tells whether the node works. */
	public boolean isRunning() {
		return this.worker.isRunning();
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
