package io.taskqueue.worker;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;

import io.taskqueue.broker.FleetBroker;
import io.taskqueue.broker.SemaphoreBroker;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.queues.QueueDirectory;
import io.taskqueue.queues.QueueSelection;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks of some queues, up to its concurrency at once. Every fetched task is run
 * until it has an outcome that the broker has confirmed, or is given back; while the
 * broker is away, running tasks go on and their outcomes wait.
 * <p>
 * May be started again after a stop, as a new server with a new owner token. All methods
 * may be called from any thread and more than once.
 */
public final class Worker {

	private final WorkBroker work;

	private final FleetBroker fleet;

	private final SemaphoreBroker semaphores;

	private final HandlerRegistry handlers;

	private final WorkerHooks hooks;

	private final WorkerOptions options;

	private final Clock clock;

	private final Rhythm rhythm;

	private final QueueDirectory queues;

	private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

	private volatile @Nullable Shift shift;

	private enum State {

		NEW, STARTING, RUNNING, STOPPING, STOPPED

	}

	/**
	 * Creates a worker that is not started.
	 * @param work where tasks come from and go to
	 * @param fleet where the worker shows itself, and what it waits for
	 * @param semaphores counts the tasks of handlers that are limited on all servers
	 * together
	 * @param handlers what runs the tasks; may grow while the worker runs
	 * @param hooks what is plugged in
	 * @param options how to work
	 * @param clock the time of day for deadlines and retries
	 */
	public Worker(WorkBroker work, FleetBroker fleet, SemaphoreBroker semaphores, HandlerRegistry handlers,
			WorkerHooks hooks, WorkerOptions options, Clock clock) {
		this(work, fleet, semaphores, handlers, hooks, options, clock, Rhythm.STANDARD);
	}

	Worker(WorkBroker work, FleetBroker fleet, SemaphoreBroker semaphores, HandlerRegistry handlers, WorkerHooks hooks,
			WorkerOptions options, Clock clock, Rhythm rhythm) {
		this.work = work;
		this.fleet = fleet;
		this.semaphores = semaphores;
		this.handlers = handlers;
		this.hooks = hooks;
		this.options = options;
		this.clock = clock;
		this.rhythm = rhythm;
		this.queues = new QueueDirectory(new QueueSelection(options.queues()), fleet::queues,
				rhythm.poll().multipliedBy(2));
	}

	/**
	 * Starts to fetch and run tasks. Does not wait for Redis: where it is away, the
	 * worker begins once it is back. Does nothing if the worker runs; waits for a stop
	 * under way.
	 */
	public synchronized void start() {
		if (!this.state.compareAndSet(State.NEW, State.STARTING)
				&& !this.state.compareAndSet(State.STOPPED, State.STARTING)) {
			return;
		}
		Shift shift = new Shift(this.work, this.fleet, this.semaphores, this.handlers, this.hooks, this.options,
				this.queues::current, this.clock, this.rhythm);
		this.shift = shift;
		try {
			shift.start();
			this.queues.start();
			this.state.set(State.RUNNING);
		}
		finally {
			if (this.state.compareAndSet(State.STARTING, State.STOPPING)) {
				this.queues.stop();
				shift.stop();
				this.state.set(State.STOPPED);
			}
		}
	}

	/**
	 * Stops: fetches no more, lets running tasks go on for the shutdown timeout,
	 * interrupts the others, and gives everything unfinished back to the head of its
	 * queue without using an attempt. Returns when all that is done, which takes at most
	 * the shutdown timeout, the grace period and some seconds. Handlers that do not heed
	 * the interrupt are left behind on their daemon threads. Does nothing if the worker
	 * does not run.
	 */
	public synchronized void stop() {
		if (this.state.compareAndSet(State.RUNNING, State.STOPPING)) {
			// Whoever is in a hurry has set the shutdown timeout; an interrupt would only
			// leave things undone
			boolean interrupted = Thread.interrupted();
			try {
				this.queues.stop();
				shift().stop();
			}
			finally {
				this.state.set(State.STOPPED);
				if (interrupted) {
					Thread.currentThread().interrupt();
				}
			}
		}
	}

	/**
	 * Interrupts what runs or waits here of the tasks with the id, of any queue. What
	 * becomes of them is up to {@link WorkerOptions#onCancel()}. An unknown id is
	 * ignored.
	 */
	public void cancel(String id) {
		Shift shift = this.shift;
		if (shift != null) {
			shift.cancel(id);
		}
	}

	/** Does the same to the task of one queue. */
	public void cancel(String queue, String id) {
		Shift shift = this.shift;
		if (shift != null) {
			shift.cancel(queue, id);
		}
	}

	/**
	 * Returns the queues it works on, which change where patterns are configured; those
	 * of the last start while it does not run.
	 */
	public QueueDirectory queues() {
		return this.queues;
	}

	/** Tells whether the worker fetches tasks. */
	public boolean isRunning() {
		return this.state.get() == State.RUNNING;
	}

	/** Returns the owner token of the newest start; empty before the first. */
	public String token() {
		Shift shift = this.shift;
		return (shift != null) ? shift.token() : "";
	}

	/** Returns how many handlers may run at once. */
	public int concurrency() {
		return this.options.concurrency();
	}

	/** Returns how many handlers run now. */
	public int running() {
		Shift shift = this.shift;
		return (shift != null) ? shift.running() : 0;
	}

	/**
	 * Returns how many handlers have not come back within the grace period after they
	 * were interrupted. Their tasks are settled, but their slots are lost until they
	 * return.
	 */
	public int stuck() {
		Shift shift = this.shift;
		return (shift != null) ? shift.stuck() : 0;
	}

	/** Returns how many outcomes the broker has not confirmed yet. */
	public int unsettled() {
		Shift shift = this.shift;
		return (shift != null) ? shift.unsettled() : 0;
	}

	private Shift shift() {
		Shift shift = this.shift;
		if (shift == null) {
			throw new IllegalStateException("the worker was never started");
		}
		return shift;
	}

}
