package io.taskqueue.maintenance;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.taskqueue.broker.UpkeepBroker;
import io.taskqueue.broker.UpkeepBroker.Promoted;

/**
 * Moves due tasks to their queues. Sleeps until the next one is due, at most a second,
 * since asynq's clients do not tell when they schedule something earlier.
 */
final class Promoter {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

	private static final int BATCH = 200;

	private final UpkeepBroker broker;

	private final Set<String> queues;

	private final Clock clock;

	/** When each queue is to be looked at, by nanoTime. Set from the listener too. */
	private final Map<String, Long> lookAt = new ConcurrentHashMap<>();

	Promoter(UpkeepBroker broker, Set<String> queues, Clock clock) {
		this.broker = broker;
		this.queues = queues;
		this.clock = clock;
	}

	/** Something earlier was scheduled: look at the queue in the next round. */
	void onEarlierDue(String queue) {
		this.lookAt.remove(queue);
	}

	Duration round() {
		this.lookAt.keySet().retainAll(this.queues);
		long earliest = System.nanoTime() + LONGEST_WAIT.toNanos();
		for (String queue : this.queues) {
			Long lookAt = this.lookAt.get(queue);
			if (lookAt == null || lookAt - System.nanoTime() <= 0) {
				// First, so that a wake-up during the promotion is not overwritten by its
				// answer
				this.lookAt.put(queue, System.nanoTime() + LONGEST_WAIT.toNanos());
				long next = System.nanoTime() + promote(queue).toNanos();
				lookAt = this.lookAt.computeIfPresent(queue, (name, set) -> Math.min(set, next));
			}
			if (lookAt == null) {
				return Duration.ZERO;
			}
			earliest = Math.min(earliest, lookAt);
		}
		return Duration.ofNanos(Math.max(0, earliest - System.nanoTime()));
	}

	/** Returns how long until the next task of the queue is due. */
	private Duration promote(String queue) {
		Promoted promoted = this.broker.promote(queue, BATCH);
		Instant next = promoted.nextDue();
		if (promoted.moved() == BATCH) {
			return Duration.ZERO;
		}
		Duration wait = (next != null) ? Duration.between(this.clock.instant(), next) : LONGEST_WAIT;
		if (wait.compareTo(LONGEST_WAIT) > 0) {
			return LONGEST_WAIT;
		}
		return wait.isNegative() ? Duration.ZERO : wait;
	}

}
