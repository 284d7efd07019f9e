package io.taskqueue.cron;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Map;

import io.taskqueue.cron.DstPolicy.Gap;
import io.taskqueue.cron.DstPolicy.Overlap;
import org.jspecify.annotations.Nullable;

/**
 * Fields read in a zone.
 */
final class CalendarExpression implements Expression {

	private final String text;

	private final ZoneId zone;

	private final LocalTimes times;

	private final DstPolicy dst;

	private final List<String> warnings;

	CalendarExpression(String text, Map<Field, String> fields, boolean eitherDay, ZoneId zone, DstPolicy dst,
			List<String> warnings) {
		this.text = text;
		this.zone = zone;
		this.times = LocalTimes.of(fields, eitherDay);
		this.dst = isIntervalLike(fields.getOrDefault(Field.HOUR, "*")) ? DstPolicy.ZONED : dst;
		this.warnings = List.copyOf(warnings);
	}

	private static boolean isIntervalLike(String hour) {
		return hour.contains("*") || hour.contains("-") || hour.contains("/");
	}

	/**
	 * Goes from one change of the clocks to the next; in between, the wall clock runs as
	 * time does.
	 */
	@Override
	public @Nullable Instant next(Instant after, Instant anchor) {
		ZoneRules rules = this.zone.getRules();
		ZoneOffset offset = rules.getOffset(after);
		ZoneOffsetTransition change = rules.nextTransition(after);
		LocalDateTime from = afterSecondPass(
				LocalDateTime.ofEpochSecond(after.getEpochSecond(), after.getNano(), offset), offset, rules);
		while (true) {
			LocalDateTime next = this.times.next(from);
			if (next == null) {
				return null;
			}
			if (change == null || next.isBefore(change.getDateTimeBefore())) {
				return next.toInstant(offset);
			}
			if (this.dst.gap() == Gap.SHIFT && next.isBefore(change.getDateTimeAfter())) {
				return change.getInstant();
			}
			from = firstAfter(change).minusNanos(1);
			offset = change.getOffsetAfter();
			change = rules.nextTransition(change.getInstant());
		}
	}

	/** Leaves out the rest of a second pass that is not to fire. */
	private LocalDateTime afterSecondPass(LocalDateTime local, ZoneOffset offset, ZoneRules rules) {
		ZoneOffsetTransition change = rules.getTransition(local);
		if (this.dst.overlap() == Overlap.ONCE && change != null && offset.equals(change.getOffsetAfter())) {
			return change.getDateTimeBefore().minusNanos(1);
		}
		return local;
	}

	private LocalDateTime firstAfter(ZoneOffsetTransition change) {
		boolean passOver = change.isOverlap() && this.dst.overlap() == Overlap.ONCE;
		return passOver ? change.getDateTimeBefore() : change.getDateTimeAfter();
	}

	@Override
	public ZoneId zone() {
		return this.zone;
	}

	@Override
	public List<String> warnings() {
		return this.warnings;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
