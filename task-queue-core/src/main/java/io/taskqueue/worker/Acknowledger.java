package io.taskqueue.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

import io.taskqueue.broker.WorkBroker;
import io.taskqueue.loop.Loop;
import io.taskqueue.worker.AckLane.Kind;
import io.taskqueue.worker.AckLane.Settlement;
import io.taskqueue.worker.Outcome.Released;
import org.jspecify.annotations.Nullable;

/**
 * Sends outcomes to the broker, as many at once as are waiting, and repeats what was not
 * answered until it is. Handler threads hand over and go on.
 */
final class Acknowledger {

	private static final long IDLE = TimeUnit.SECONDS.toNanos(1);

	private final Map<String, Map<Kind, AckLane>> lanes = new ConcurrentHashMap<>();

	private final BiFunction<String, Kind, AckLane> newLane;

	private final AtomicInteger unsettled = new AtomicInteger();

	private final Waiter flushed = new Waiter();

	/**
	 * What goes back together at the end of a stop; {@code null} while all go at once.
	 * Guarded by this.
	 */
	private @Nullable List<Attempt> kept;

	private final Loop loop = new Loop("task-queue-acknowledger", this::pass);

	Acknowledger(WorkBroker broker, String owner, Held held, WorkerListener listener) {
		this.newLane = (queue, kind) -> new AckLane(queue, kind, broker, owner, held, listener);
	}

	void start() {
		this.loop.start();
	}

	/** Hands over the outcome of a settled attempt. Never blocks. */
	void settle(Attempt attempt, Outcome outcome) {
		if (!outcome.equals(Released.TO_THE_HEAD) || !keep(attempt)) {
			add(attempt.queue(), Kind.of(outcome), List.of(new Settlement(attempt, outcome)));
		}
	}

	/**
	 * Gives tasks that were not begun back to the heads of their queues, in their order.
	 */
	void release(List<Attempt> attempts) {
		releaseSettled(attempts.stream().filter(Attempt::settle).toList());
	}

	/** Keeps what goes back to the head from now on, until it can go together. */
	synchronized void keepReleases() {
		this.kept = new ArrayList<>();
	}

	private synchronized boolean keep(Attempt attempt) {
		if (this.kept == null) {
			return false;
		}
		attempt.handedOver();
		return this.kept.add(attempt);
	}

	/** Gives back what was kept, in the order in which it was fetched. */
	void releaseKept() {
		List<Attempt> released = takeKept();
		released.sort(Comparator.comparingLong(Attempt::fetchedAt));
		releaseSettled(released);
	}

	private synchronized List<Attempt> takeKept() {
		List<Attempt> taken = (this.kept != null) ? this.kept : new ArrayList<>();
		this.kept = null;
		return taken;
	}

	private void releaseSettled(List<Attempt> attempts) {
		Map<String, List<Settlement>> groups = new HashMap<>();
		for (Attempt attempt : attempts) {
			groups.computeIfAbsent(attempt.queue(), (queue) -> new ArrayList<>())
				.add(new Settlement(attempt, Released.TO_THE_HEAD));
		}
		groups.forEach((queue, group) -> add(queue, Kind.RELEASE, group));
	}

	private void add(String queue, Kind kind, List<Settlement> group) {
		this.unsettled.addAndGet(group.size());
		group.forEach((settlement) -> settlement.attempt().handedOver());
		// In one step, so that lanes are not forgotten meanwhile
		this.lanes.compute(queue, (name, known) -> {
			Map<Kind, AckLane> lanes = (known != null) ? known : lanes(name);
			lane(lanes, kind).add(group);
			return lanes;
		});
		this.loop.wake();
	}

	/** Returns how many outcomes are not settled yet. */
	int unsettled() {
		return this.unsettled.get();
	}

	/**
	 * Waits until all outcomes are settled.
	 * @return whether they are
	 */
	boolean flush(Duration limit) {
		return this.flushed.await(() -> this.unsettled.get() == 0, limit);
	}

	boolean stop(Duration limit) {
		this.loop.stop();
		return this.loop.join(limit);
	}

	private Duration pass() {
		long wait = IDLE;
		for (Map<Kind, AckLane> lanes : this.lanes.values()) {
			for (AckLane lane : lanes.values()) {
				int done = lane.send();
				if (done > 0) {
					this.unsettled.addAndGet(-done);
					this.flushed.changed();
				}
				wait = Math.min(wait, lane.readyIn(IDLE));
			}
		}
		return Duration.ofNanos(wait);
	}

	/**
	 * Forgets the lanes of a queue, of which nothing may be held any more.
	 * @return whether nothing was left in them
	 */
	boolean forget(String queue) {
		return this.lanes.computeIfPresent(queue,
				(name, lanes) -> lanes.values().stream().allMatch(AckLane::isEmpty) ? null : lanes) == null;
	}

	private Map<Kind, AckLane> lanes(String queue) {
		Map<Kind, AckLane> lanes = new EnumMap<>(Kind.class);
		for (Kind kind : Kind.values()) {
			lanes.put(kind, this.newLane.apply(queue, kind));
		}
		return lanes;
	}

	private static AckLane lane(Map<Kind, AckLane> lanes, Kind kind) {
		return Objects.requireNonNull(lanes.get(kind));
	}

}
