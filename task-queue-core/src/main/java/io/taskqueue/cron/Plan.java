package io.taskqueue.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.taskqueue.MisfirePolicy;
import io.taskqueue.broker.OccurrenceBroker.Tick;
import io.taskqueue.broker.OccurrenceBroker.Verb;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/**
 * A cron task as the leader knows it, with what is to be fired next. For one thread.
 */
final class Plan {

	private final String uuid;

	private final long revision;

	private final StoredTask task;

	private final TaskMessage message;

	private final Timeline timeline;

	private long fired;

	private @Nullable Instant next;

	/** The tick that waits for the previous occurrence (s); 0 for none. */
	private long waiting;

	Plan(String uuid, long revision, StoredTask task) {
		this.uuid = uuid;
		this.revision = revision;
		this.task = task;
		this.message = task.template();
		this.timeline = Timeline.of(task);
		this.fired = task.since();
		this.next = this.timeline.next(this.fired);
	}

	String uuid() {
		return this.uuid;
	}

	long revision() {
		return this.revision;
	}

	StoredTask task() {
		return this.task;
	}

	TaskMessage message() {
		return this.message;
	}

	/**
	 * Returns the last tick that counts as fired (s), or when the task was registered.
	 */
	long fired() {
		return this.fired;
	}

	/** Returns the next tick, or {@code null} if there is none. */
	@Nullable Instant next() {
		return this.next;
	}

	long waiting() {
		return this.waiting;
	}

	void waitWith(long tick) {
		this.waiting = tick;
	}

	/** Counts a tick, and all before it, as fired. */
	void passed(long tick) {
		if (tick > this.fired) {
			this.fired = tick;
			this.next = this.timeline.next(tick);
		}
	}

	/** Returns what is to be done about the ticks until now. */
	Due due(Instant now, Duration threshold) {
		return Due.of(this.timeline, this.fired, now, this.task.misfire(), threshold);
	}

	/** Returns what to ask the broker. */
	Tick tick(Verb verb, Instant tick) {
		long second = tick.getEpochSecond();
		long jitter = this.task.jitterMillis();
		Instant due = (jitter > 0) ? tick.plusMillis(ThreadLocalRandom.current().nextLong(jitter)) : null;
		return new Tick(verb, this.uuid, this.revision, second, this.task.overlap(), this.uuid + "@" + second,
				this.message, due);
	}

	/**
	 * What is to be done about the ticks until now.
	 *
	 * @param verb fire them or pass them over
	 * @param ticks the ticks, in their order
	 * @param dropped the first one that is left out; {@code null} if none is
	 */
	record Due(Verb verb, List<Instant> ticks, @Nullable Instant dropped) {

		/** How many ticks of one gap are fired at most. */
		static final int LIMIT = 1000;

		static Due of(Timeline timeline, long fired, Instant now, MisfirePolicy misfire, Duration threshold) {
			Instant first = timeline.next(fired);
			if (first == null || first.isAfter(now)) {
				return new Due(Verb.FIRE, List.of(), null);
			}
			Instant inTime = now.minus(threshold);
			boolean late = first.isBefore(inTime);
			List<Instant> ticks = timeline.latest(fired, now, LIMIT);
			Verb verb = Verb.FIRE;
			if (late) {
				switch (misfire) {
					case FIRE_ONCE -> ticks = last(ticks);
					case SKIP -> {
						List<Instant> rest = ticks.stream().filter((tick) -> !tick.isBefore(inTime)).toList();
						verb = rest.isEmpty() ? Verb.PASS : Verb.FIRE;
						ticks = rest.isEmpty() ? last(ticks) : rest;
					}
					case FIRE_ALL -> {
					}
				}
			}
			boolean leavesOut = verb == Verb.PASS || !ticks.get(0).equals(first);
			return new Due(verb, ticks, leavesOut ? first : null);
		}

		private static List<Instant> last(List<Instant> ticks) {
			return ticks.subList(ticks.size() - 1, ticks.size());
		}

	}

}
