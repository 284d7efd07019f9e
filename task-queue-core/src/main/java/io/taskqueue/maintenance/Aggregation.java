package io.taskqueue.maintenance;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.AggregationBroker;
import io.taskqueue.broker.AggregationBroker.Page;
import io.taskqueue.broker.AggregationBroker.Rule;
import io.taskqueue.broker.AggregationBroker.TaskSet;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.Lane;
import io.taskqueue.client.TaskEncoder;
import io.taskqueue.handler.Aggregator;
import io.taskqueue.handler.AggregatorRegistry;
import io.taskqueue.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges the tasks of aggregation groups, for the groups that the node has aggregators
 * for. One thread walks through the groups of the queues, page by page, and takes what is
 * ready; at most three sets are merged at a time, as in asynq. Any number of nodes and Go
 * servers may do so beside each other. Not restartable: make a new one.
 */
public final class Aggregation {

	private static final Logger logger = LoggerFactory.getLogger(Aggregation.class);

	/** asynq's interval, unless a rule is shorter. */
	private static final Duration INTERVAL = Duration.ofSeconds(7);

	/** How often sets that take too long are looked for. */
	private static final Duration LOOK = Duration.ofSeconds(1);

	/** How long an interrupted aggregator may take before its set is given back. */
	private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(1);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

	private final AggregationBroker broker;

	private final AggregatorRegistry aggregators;

	private final Set<String> queues;

	private final Clock clock;

	private final SetMerger merger;

	private final Loop rounds;

	private final Map<String, Walk> walks = new HashMap<>();

	/** One for each set that may be merged beside others. */
	private final Deque<Lane> idle = new ConcurrentLinkedDeque<>(List.of(new Lane(), new Lane(), new Lane()));

	private final Set<Merge> running = ConcurrentHashMap.newKeySet();

	/**
	 * Creates the aggregation.
	 * @param broker the storage
	 * @param aggregators what merges tasks
	 * @param encoder writes the merged tasks
	 * @param queues the queues whose groups to look at, which may change while it runs
	 * @param clock the clock
	 * @param listeners hear what becomes of tasks
	 */
	public Aggregation(AggregationBroker broker, AggregatorRegistry aggregators, TaskEncoder encoder,
			Set<String> queues, Clock clock, List<AggregationListener> listeners) {
		this.broker = broker;
		this.aggregators = aggregators;
		this.queues = queues;
		this.clock = clock;
		this.merger = new SetMerger(broker, encoder, clock, new AggregationListeners(listeners));
		this.rounds = new Loop("task-queue-aggregator", this::round);
	}

	/** Starts the thread. */
	public void start() {
		this.rounds.start();
	}

	/** Takes no further sets. */
	public void stopTaking() {
		this.rounds.stop();
		this.rounds.join(STOP_LIMIT);
	}

	/**
	 * Stops. Sets under way are merged; what is not done by the limit is interrupted and
	 * given back.
	 * @param limit how long to wait for them
	 */
	public void stop(Duration limit) {
		stopTaking();
		boolean interrupted = !awaitAll(System.nanoTime() + limit.toNanos());
		this.running.forEach((merge) -> merge.thread.interrupt());
		interrupted |= !awaitAll(System.nanoTime() + INTERRUPT_GRACE.toNanos());
		for (Merge merge : this.running) {
			giveBack(merge.set);
		}
		if (interrupted && Thread.interrupted()) {
			Thread.currentThread().interrupt();
		}
	}

	Duration round() {
		long now = System.nanoTime();
		interruptOverdue();
		long earliest = now + LOOK.toNanos();
		for (String queue : this.queues) {
			List<Aggregator> rules = this.aggregators.of(queue);
			Walk walk = this.walks.computeIfAbsent(queue, (name) -> new Walk());
			if (!rules.isEmpty() && walk.nextAt - System.nanoTime() <= 0 && !this.idle.isEmpty()) {
				look(queue, rules, walk);
			}
			if (!rules.isEmpty() && !this.idle.isEmpty()) {
				earliest = (walk.nextAt - earliest < 0) ? walk.nextAt : earliest;
			}
		}
		return Duration.ofNanos(Math.max(0, earliest - System.nanoTime()));
	}

	/** Looks at one page. */
	private void look(String queue, List<Aggregator> aggregators, Walk walk) {
		BatchId batch = (walk.unconfirmed != null) ? walk.unconfirmed : walk.lane.next();
		Page page;
		try {
			page = this.broker.take(queue, batch, walk.cursor, rules(aggregators), this.idle.size());
			walk.unconfirmed = null;
		}
		catch (TaskQueueUnavailableException ex) {
			walk.unconfirmed = batch;
			throw ex;
		}
		page.sets().forEach(this::begin);
		walk.took |= !page.sets().isEmpty();
		walk.cursor = page.next();
		walk.nextAt = System.nanoTime();
		if (walk.cursor.equals(AggregationBroker.BEGIN)) {
			// A pass that took something may have left more of the same groups
			walk.nextAt += walk.took ? 0 : interval(aggregators).toNanos();
			walk.took = false;
		}
	}

	private void begin(TaskSet set) {
		Aggregator aggregator = this.aggregators.find(set.queue(), set.group());
		Lane lane = this.idle.poll();
		if (aggregator == null || lane == null) {
			// A repeated call has taken more than are wanted now
			giveBack(set);
			return;
		}
		new Merge(set, aggregator, lane).start();
	}

	private void giveBack(TaskSet set) {
		try {
			this.broker.giveBack(set);
		}
		catch (RuntimeException ex) {
			logger.warn("Tasks of group {} in queue {} could not be given back; they go back by themselves at {}: {}",
					set.group(), set.queue(), set.deadline(), ex.getMessage());
		}
	}

	private void interruptOverdue() {
		for (Merge merge : this.running) {
			if (this.clock.instant().isAfter(merge.set.deadline()) && !merge.interrupted) {
				merge.interrupted = true;
				merge.thread.interrupt();
			}
		}
	}

	private static List<Rule> rules(List<Aggregator> aggregators) {
		List<Rule> rules = new ArrayList<>(aggregators.size());
		for (Aggregator aggregator : aggregators) {
			rules.add(new Rule(aggregator.text(), aggregator.isPrefix(), aggregator.rules().maxSize(),
					aggregator.rules().maxDelay(), aggregator.rules().grace()));
		}
		return rules;
	}

	private static Duration interval(List<Aggregator> aggregators) {
		Duration shortest = INTERVAL;
		for (Aggregator aggregator : aggregators) {
			Duration grace = aggregator.rules().grace();
			Duration delay = aggregator.rules().maxDelay();
			shortest = (grace.compareTo(shortest) < 0) ? grace : shortest;
			shortest = (!delay.isZero() && delay.compareTo(shortest) < 0) ? delay : shortest;
		}
		return shortest;
	}

	/** Returns whether all are done; also when interrupted, with what is left running. */
	private boolean awaitAll(long deadline) {
		for (Merge merge : this.running) {
			try {
				if (!merge.done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
					return false;
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}
		return true;
	}

	/** How far a queue's groups have been looked at; the thread's only. */
	private static final class Walk {

		private final Lane lane = new Lane();

		private String cursor = AggregationBroker.BEGIN;

		private long nextAt = System.nanoTime();

		private boolean took;

		/** A call that Redis has not confirmed, to be repeated. */
		private @Nullable BatchId unconfirmed;

	}

	/** A set that is being merged on a thread of its own. */
	private final class Merge implements Runnable {

		private final TaskSet set;

		private final Aggregator aggregator;

		private final Lane lane;

		private final Thread thread;

		private final CountDownLatch done = new CountDownLatch(1);

		private volatile boolean interrupted;

		Merge(TaskSet set, Aggregator aggregator, Lane lane) {
			this.set = set;
			this.aggregator = aggregator;
			this.lane = lane;
			this.thread = new Thread(this, "task-queue-aggregate");
			this.thread.setDaemon(true);
		}

		void start() {
			Aggregation.this.running.add(this);
			this.thread.start();
		}

		@Override
		public void run() {
			try {
				Aggregation.this.merger.merge(this.set, this.aggregator, this.lane);
			}
			catch (RuntimeException ex) {
				logger.warn("Group {} in queue {} was not merged; its tasks go back by themselves at {}: {}",
						this.set.group(), this.set.queue(), this.set.deadline(), ex.getMessage());
			}
			finally {
				Aggregation.this.running.remove(this);
				Aggregation.this.idle.push(this.lane);
				this.done.countDown();
				Aggregation.this.rounds.wake();
			}
		}

	}

}
