package io.taskqueue.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

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

	private final Map<String, Map<Kind, AckLane>> lanes;

	private final List<AckLane> all;

	private final AtomicInteger unsettled = new AtomicInteger();

	private final Waiter flushed = new Waiter();

	/**
	 * What goes back together at the end of a stop; {@code null} while all go at once.
	 * Guarded by this.
	 */
	private @Nullable List<Attempt> kept;

	private final Loop loop = new Loop("task-queue-acknowledger", this::pass);

	Acknowledger(WorkBroker broker, String owner, Held held, WorkerListener listener) {
		this.lanes = held.queues().stream().collect(Collectors.toMap(Function.identity(), (queue) -> {
			Map<Kind, AckLane> lanes = new EnumMap<>(Kind.class);
			for (Kind kind : Kind.values()) {
				lanes.put(kind, new AckLane(queue, kind, broker, owner, held, listener));
			}
			return lanes;
		}));
		this.all = this.lanes.values().stream().flatMap((lanes) -> lanes.values().stream()).toList();
	}

	void start() {
		this.loop.start();
	}

	/** Hands over the outcome of a settled attempt. Never blocks. */
	void settle(Attempt attempt, Outcome outcome) {
		if (!outcome.equals(Released.TO_THE_HEAD) || !keep(attempt)) {
			add(lane(attempt.queue(), Kind.of(outcome)), List.of(new Settlement(attempt, outcome)));
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
		groups.forEach((queue, group) -> add(lane(queue, Kind.RELEASE), group));
	}

	private void add(AckLane lane, List<Settlement> group) {
		this.unsettled.addAndGet(group.size());
		group.forEach((settlement) -> settlement.attempt().handedOver());
		lane.add(group);
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
		for (AckLane lane : this.all) {
			int done = lane.send();
			if (done > 0) {
				this.unsettled.addAndGet(-done);
				this.flushed.changed();
			}
			wait = Math.min(wait, lane.readyIn(IDLE));
		}
		return Duration.ofNanos(wait);
	}

	private AckLane lane(String queue, Kind kind) {
		Map<Kind, AckLane> lanes = this.lanes.get(queue);
		AckLane lane = (lanes != null) ? lanes.get(kind) : null;
		if (lane == null) {
			throw new IllegalArgumentException("queue '" + queue + "' is not one of " + this.lanes.keySet());
		}
		return lane;
	}

}
