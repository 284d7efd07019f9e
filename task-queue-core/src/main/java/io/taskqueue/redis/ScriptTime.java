package io.taskqueue.redis;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;

/**
 * Time as scripts take it: whole seconds in scores, milliseconds in {@code tq:due},
 * nanoseconds in {@code pending_since}. Due times are rounded up, so that nothing runs
 * early.
 */
final class ScriptTime {

	private static final Duration STATISTICS = Duration.ofDays(90);

	private final Clock clock;

	private final boolean corrected;

	/**
	 * Creates the time.
	 * @param clock the clock
	 * @param corrected whether Redis's clock may overrule it; not so for a clock that a
	 * user or a test supplies
	 */
	ScriptTime(Clock clock, boolean corrected) {
		this.clock = clock;
		this.corrected = corrected;
	}

	boolean corrected() {
		return this.corrected;
	}

	long nowSeconds() {
		return this.clock.instant().getEpochSecond();
	}

	long nowMillis() {
		return this.clock.millis();
	}

	long nowNanos() {
		Instant now = this.clock.instant();
		return now.getEpochSecond() * 1_000_000_000L + now.getNano();
	}

	/** Returns the time before which something of the given age was made. */
	long secondsAgo(Duration age) {
		return nowSeconds() - age.toSeconds();
	}

	/** Returns the UTC day. */
	LocalDate today() {
		return LocalDate.ofInstant(this.clock.instant(), ZoneOffset.UTC);
	}

	/** Adds the UTC day and when its counters expire. */
	Args addDay(Args args) {
		Instant now = this.clock.instant();
		return args.add(LocalDate.ofInstant(now, ZoneOffset.UTC).toString()).add(now.plus(STATISTICS).getEpochSecond());
	}

	/** Adds a due time in seconds and in milliseconds, 0 and 0 for none. */
	static Args addDue(Args args, @Nullable Instant due) {
		if (due == null) {
			return args.add(0).add(0);
		}
		long millis = due.plusNanos(999_999).toEpochMilli();
		return args.add(-Math.floorDiv(-millis, 1000)).add(millis);
	}

}
