package io.taskqueue.worker;

import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.taskqueue.broker.FleetBroker;
import io.taskqueue.broker.SemaphoreBroker;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.wire.ServerInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker consists of from one start to the next stop, under one owner token.
 * Builds the parts and knows in which order they start and stop.
 */
final class Shift {

	private static final Logger logger = LoggerFactory.getLogger(Shift.class);

	private final WorkerOptions options;

	private final Rhythm rhythm;

	private final ServerInfo server;

	private final Held held;

	private final Acknowledger acknowledger;

	private final Runners runners;

	private final FetchLoop fetchLoop;

	private final LeaseKeeper leaseKeeper;

	private final Watchdog watchdog;

	private final Heartbeat heartbeat;

	private final QueueWatchers watchers;

	private final Supplier<Map<String, Integer>> queues;

	private final @Nullable ExecutorService ownExecutor;

	Shift(WorkBroker work, FleetBroker fleet, SemaphoreBroker semaphores, HandlerRegistry handlers, WorkerHooks hooks,
			WorkerOptions options, Supplier<Map<String, Integer>> queues, Clock clock, Rhythm rhythm) {
		this.options = options;
		this.rhythm = rhythm;
		this.queues = queues;
		this.server = new ServerInfo(options.host(), options.pid(), UUID.randomUUID().toString(), options.concurrency(),
				queues.get(), options.strict(), "active", clock.instant(), 0);
		String owner = this.server.token();
		WorkerListener listener = new WorkerListeners(hooks.listeners());
		this.held = new Held();
		this.acknowledger = new Acknowledger(work, owner, this.held, listener);
		TaskRunner taskRunner = new TaskRunner(handlers, semaphores, hooks, new Failures(options, clock),
				this.acknowledger, listener, clock);
		Executor given = hooks.executor();
		ExecutorService own = (given == null) ? platformThreads() : null;
		Executor executor = (own != null) ? own : Objects.requireNonNull(given);
		this.ownExecutor = own;
		this.runners = new Runners(new Slots(options.concurrency()), executor, taskRunner, this.acknowledger,
				this.held);
		this.watchers = new QueueWatchers(fleet, this::lookForTasks);
		Sources sources = new Sources(queues, options.strict(), this.watchers, rhythm.poll());
		this.fetchLoop = new FetchLoop(sources, options, work, owner, this.held, this.runners, this.acknowledger,
				listener);
		this.leaseKeeper = new LeaseKeeper(work, owner, this.held, listener, rhythm.renewal());
		this.watchdog = new Watchdog(this.runners, taskRunner, listener, options.interruptGrace(), rhythm);
		this.heartbeat = new Heartbeat(fleet, this.runners, this.server, queues, rhythm.heartbeat());
	}

	private void lookForTasks() {
		this.fetchLoop.wake();
	}

	private static ExecutorService platformThreads() {
		AtomicInteger count = new AtomicInteger();
		// Unbounded, because the slots are the bound; the thread used last is used next
		return Executors.newCachedThreadPool((runnable) -> {
			Thread thread = new Thread(runnable, "task-" + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		});
	}

	String token() {
		return this.server.token();
	}

	/** Interrupts the attempts at tasks with the id, of any queue. */
	void cancel(String id) {
		this.held.withId(id).forEach(Shift::cancel);
	}

	/** Interrupts the attempt at a task. */
	void cancel(String queue, String id) {
		this.held.withId(id).stream().filter((attempt) -> attempt.queue().equals(queue)).forEach(Shift::cancel);
	}

	private static void cancel(Attempt attempt) {
		logger.info("{} is cancelled", attempt);
		attempt.interrupt(Interruption.CANCELLED);
	}

	/** Returns how many handlers run. */
	int running() {
		return this.runners.running().size();
	}

	/** Returns how many handlers run on although their attempts were settled. */
	int stuck() {
		return (int) this.runners.running().stream().filter(Attempt::isStuck).count();
	}

	/** Returns how many outcomes are not acknowledged. */
	int unsettled() {
		return this.acknowledger.unsettled();
	}

	/** The record first, so that no one finds tasks of an owner that is not known. */
	void start() {
		this.heartbeat.start();
		this.leaseKeeper.start();
		this.acknowledger.start();
		this.watchdog.start();
		this.fetchLoop.start();
		logger.info("Worker {} runs up to {} tasks at once from queues {}", token(), this.options.concurrency(),
				this.queues.get());
	}

	/**
	 * Stops, in at most about the shutdown timeout plus the grace period plus three times
	 * the flush time. Leases are renewed until the end, as everything before it may take
	 * longer than they last.
	 */
	void stop() {
		// 1. Nothing new. Waiting for the fetch in flight comes later: running tasks have
		// the shutdown timeout meanwhile
		this.fetchLoop.stop();
		this.watchers.stop();
		this.heartbeat.stopping();
		// 2. What was not begun goes back at once, so that others can begin it
		this.runners.close();
		// 3. What runs may end
		if (!this.runners.awaitSettled(this.options.shutdownTimeout())) {
			// 4. What does not is interrupted, and goes back behind its handler's back in
			// the end
			this.acknowledger.keepReleases();
			this.runners.interrupt();
			this.runners.awaitSettled(this.options.interruptGrace());
			this.runners.abandon();
		}
		// 5. The tasks of the last fetch have gone back by now, or do so here
		boolean answered = this.fetchLoop.finish(this.rhythm.flush());
		// In front of everything that went back before: it was fetched earlier
		this.acknowledger.releaseKept();
		// 6. All of this has to reach Redis
		boolean flushed = this.acknowledger.flush(this.rhythm.flush());
		this.acknowledger.stop(this.rhythm.flush());
		this.leaseKeeper.stop(this.rhythm.flush());
		this.watchdog.stop(this.rhythm.flush());
		this.heartbeat.stop(this.rhythm.flush());
		this.watchers.endWaits(this.rhythm.flush());
		if (this.ownExecutor != null) {
			this.ownExecutor.shutdown();
		}
		// 7. A record that stays for its last seconds tells others to leave the rest to
		// their leases; without one they may take it at once
		if (answered && flushed && this.held.isEmpty()) {
			this.heartbeat.clear();
		}
		logger.info("Worker {} has stopped", token());
	}

}
