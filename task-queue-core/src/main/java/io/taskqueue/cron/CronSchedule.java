package io.taskqueue.cron;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.taskqueue.InvalidCronExpressionException;
import org.jspecify.annotations.Nullable;

/**
 * When a cron task fires: one or several expressions, each in its zone. A moment that
 * several of them name is one fire time. Immutable and thread-safe; reading is done once,
 * asking is cheap. Two schedules are equal when they fire for the same reasons, which
 * their normal forms tell.
 */
public final class CronSchedule {

	/** Before the first moment that any zone takes for the first listable year. */
	private static final Instant BEFORE_ALL_YEARS = Instant.EPOCH.minusSeconds(2 * 86_400);

	private final List<Expression> expressions;

	private final DstPolicy dst;

	private CronSchedule(List<Expression> expressions, DstPolicy dst) {
		this.expressions = List.copyOf(expressions);
		this.dst = dst;
	}

	/**
	 * Reads expressions.
	 * @param expressions at least one expression. Fields: five with the minute first, six
	 * with the second first or the year last, seven with both; {@code @daily} and its
	 * like; {@code @every 90s}; any of them after {@code CRON_TZ=Europe/Berlin}
	 * @param zone the zone of all of them, whatever their prefixes; {@code null} for
	 * none, so that prefixes count
	 * @param defaultZone the zone of those for which there is no other
	 * @param dst what to do when the clocks change
	 * @throws InvalidCronExpressionException if one cannot be read or can never fire,
	 * such as on the 31st of February. One that fired in the past only is accepted, see
	 * {@link #isExhausted}
	 */
	public static CronSchedule parse(List<String> expressions, @Nullable ZoneId zone, ZoneId defaultZone,
			DstPolicy dst) {
		if (expressions.isEmpty()) {
			throw new InvalidCronExpressionException("", 1, null, "there is no expression",
					"Write at least one, such as 0 9 * * MON-FRI");
		}
		ExpressionParser parser = new ExpressionParser(zone, defaultZone, dst);
		Map<String, Expression> distinct = new LinkedHashMap<>();
		for (String text : expressions) {
			Expression expression = parser.parse(text);
			if (expression.next(BEFORE_ALL_YEARS, BEFORE_ALL_YEARS) == null) {
				throw new InvalidCronExpressionException(text, 1, null,
						"it never fires, no date matches all its fields",
						"Write a day that its months have, in years that have it");
			}
			distinct.putIfAbsent(expression.toString(), expression);
		}
		return new CronSchedule(new ArrayList<>(distinct.values()), dst);
	}

	/**
	 * Returns the first fire time after an instant.
	 * @param after the instant, itself left out
	 * @param anchor what {@code @every} counts from: the first fire time is one interval
	 * later. Its fraction of a second is ignored, so that all fire times are whole
	 * seconds. Of no account to other expressions
	 * @return the fire time, always later than {@code after}, or {@code null} if there
	 * will be none
	 */
	public @Nullable Instant next(Instant after, Instant anchor) {
		Instant earliest = null;
		for (Expression expression : this.expressions) {
			Instant next = expression.next(after, anchor);
			if (next != null && !next.isAfter(after)) {
				throw new IllegalStateException(
						"Cron expression '%s' has %s for its fire time after %s".formatted(expression, next, after));
			}
			if (earliest == null || (next != null && next.isBefore(earliest))) {
				earliest = next;
			}
		}
		return earliest;
	}

	/**
	 * Returns whether there is no fire time after an instant any more, since all the
	 * years listed are over.
	 */
	public boolean isExhausted(Instant after) {
		return next(after, after) == null;
	}

	/**
	 * Returns the expressions in their normal form, duplicates left out: numbers for
	 * names, fields for macros, the zone as prefix. Read again, whatever the default
	 * zone, they give the same schedule.
	 */
	public List<String> expressions() {
		return this.expressions.stream().map(Expression::toString).toList();
	}

	/**
	 * Returns the zones in which the expressions are read, mostly one; none if there is
	 * only {@code @every}.
	 */
	public Set<ZoneId> zones() {
		Set<ZoneId> zones = new LinkedHashSet<>();
		for (Expression expression : this.expressions) {
			ZoneId zone = expression.zone();
			if (zone != null) {
				zones.add(zone);
			}
		}
		return zones;
	}

	/** Returns what to do when the clocks change. */
	public DstPolicy dst() {
		return this.dst;
	}

	/**
	 * Returns what the authors of the expressions should know, to be logged once: which
	 * rule applies where both day fields are restricted, and prefixes that do not count.
	 */
	public List<String> warnings() {
		return this.expressions.stream().flatMap((expression) -> expression.warnings().stream()).toList();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof CronSchedule schedule && expressions().equals(schedule.expressions())
				&& this.dst.equals(schedule.dst);
	}

	@Override
	public int hashCode() {
		return expressions().hashCode() * 31 + this.dst.hashCode();
	}

	/** Returns the normal forms, separated by {@code " | "}. */
	@Override
	public String toString() {
		return String.join(" | ", expressions());
	}

}
