package io.taskqueue.cron;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The ticks of a cron task over the changes of its expressions.
 */
final class Timeline {

	private final List<Stretch> past;

	private final Stretch present;

	private Timeline(List<Stretch> past, Stretch present) {
		this.past = past;
		this.present = present;
	}

	static Timeline of(StoredTask task) {
		List<Stretch> past = new ArrayList<>();
		for (StoredTask.Past earlier : task.past()) {
			past.add(Stretch.of(earlier.expressions(), task.dst(), earlier.anchor(), earlier.until()));
		}
		return new Timeline(past, Stretch.of(task.expressions(), task.dst(), task.anchor(), Long.MAX_VALUE));
	}

	/** Returns the first tick after a second, or {@code null} if there is none. */
	@Nullable Instant next(long after) {
		long from = after;
		for (Stretch stretch : this.past) {
			if (from < stretch.until) {
				Instant next = stretch.next(from);
				if (next != null && next.getEpochSecond() <= stretch.until) {
					return next;
				}
				from = stretch.until;
			}
		}
		return this.present.next(from);
	}

	/**
	 * Returns the latest ticks after a second and until now, in their order. Looks at
	 * longer and longer times before now, so that a gap of a year costs little.
	 */
	List<Instant> latest(long after, Instant now, int limit) {
		for (long seconds = 60;; seconds *= 2) {
			long from = Math.max(after, now.getEpochSecond() - seconds);
			Deque<Instant> ticks = new ArrayDeque<>();
			for (Instant tick = next(from); tick != null && !tick.isAfter(now); tick = next(tick.getEpochSecond())) {
				if (ticks.size() == limit) {
					ticks.removeFirst();
				}
				ticks.addLast(tick);
			}
			if (from == after || ticks.size() == limit) {
				return List.copyOf(ticks);
			}
		}
	}

	/** The time in which certain expressions count. */
	private record Stretch(CronSchedule schedule, Instant anchor, long until) {

		static Stretch of(List<String> expressions, DstPolicy dst, long anchor, long until) {
			return new Stretch(CronSchedule.parse(expressions, null, ZoneOffset.UTC, dst),
					Instant.ofEpochSecond(anchor), until);
		}

		@Nullable Instant next(long after) {
			return this.schedule.next(Instant.ofEpochSecond(after), this.anchor);
		}

	}

}
