package io.taskqueue.maintenance;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

import io.taskqueue.broker.FleetBroker;
import io.taskqueue.broker.UpkeepBroker;
import io.taskqueue.loop.Loop;
import io.taskqueue.wire.TaskMessage;

/**
 * Runs the upkeep of a node's queues on two threads: one for due tasks, whose time
 * matters to the millisecond, one for everything that can wait. Not restartable: make a
 * new one.
 */
public final class Upkeep {

	private static final Duration LOOK = Duration.ofMillis(1500);

	/** asynq's interval. */
	private static final Duration JANITOR = Duration.ofSeconds(8);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

	private static final int PURGE_BATCH = 100;

	private static final int TRIM_BATCH = 500;

	private static final int RECLAIM_BATCH = 1000;

	private final UpkeepBroker broker;

	private final Set<String> queues;

	private final Promoter promoter;

	private final Recoverer recoverer;

	private final Sweeper sweeper;

	private final Loop promotion;

	private final Loop housekeeping;

	/** How far each queue's forgotten groups have been looked for. */
	private final Map<String, String> groupCursors = new HashMap<>();

	/** When the janitor is due, by nanoTime; touched by its thread only. */
	private long janitorAt = System.nanoTime();

	/**
	 * Creates the upkeep.
	 * @param broker the storage
	 * @param fleet tells which owners live
	 * @param queues the queues to keep, which may change while it runs; iterated over by
	 * its threads
	 * @param clock the clock
	 * @param retryDelay the wait before a task that a dead asynq server held is retried
	 * @param listener hears of recovered tasks
	 */
	public Upkeep(UpkeepBroker broker, FleetBroker fleet, Set<String> queues, Clock clock,
			Function<TaskMessage, Duration> retryDelay, RecoveryListener listener) {
		this.broker = broker;
		this.queues = queues;
		this.promoter = new Promoter(broker, this.queues, clock);
		this.recoverer = new Recoverer(broker, fleet, clock, retryDelay, listener);
		this.sweeper = new Sweeper(broker, clock);
		this.promotion = new Loop("task-queue-promoter", this.promoter::round);
		this.housekeeping = new Loop("task-queue-upkeep", this::housekeep);
	}

	/** Starts the threads. */
	public void start() {
		this.promotion.start();
		this.housekeeping.start();
	}

	/** Stops the threads, waiting for the rounds under way, at most for some seconds. */
	public void stop() {
		this.promotion.stop();
		this.housekeeping.stop();
		this.promotion.join(STOP_LIMIT);
		this.housekeeping.join(STOP_LIMIT);
	}

	/** A task that is due before all others was scheduled. */
	public void onEarlierDue(String queue) {
		this.promoter.onEarlierDue(queue);
		this.promotion.wake();
	}

	private Duration housekeep() {
		this.recoverer.recoverFromDeadOwners(this.queues);
		if (this.janitorAt - System.nanoTime() <= 0) {
			for (String queue : this.queues) {
				clean(queue);
			}
			this.janitorAt = System.nanoTime() + JANITOR.toNanos();
		}
		this.sweeper.step(this.queues);
		// Jittered, so that the nodes of a fleet do not look all at once
		return LOOK.plusMillis(ThreadLocalRandom.current().nextInt(200) - 100);
	}

	private void clean(String queue) {
		this.recoverer.recoverExpired(queue);
		this.broker.repair(queue);
		while (this.broker.reclaimSets(queue, RECLAIM_BATCH)) {
			// More sets may be past their deadline
		}
		this.groupCursors.compute(queue,
				(name, cursor) -> this.broker.repairGroups(queue, (cursor != null) ? cursor : "0"));
		while (this.broker.purgeCompleted(queue, PURGE_BATCH) == PURGE_BATCH) {
			// More may be past its time
		}
		while (this.broker.trimArchive(queue, TRIM_BATCH) == TRIM_BATCH) {
			// More may be beyond the limits
		}
	}

}
