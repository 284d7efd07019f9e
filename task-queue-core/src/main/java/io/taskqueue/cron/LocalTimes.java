package io.taskqueue.cron;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

import org.jspecify.annotations.Nullable;

/**
 * The times on the wall clock that an expression names. Its fields are handed to Spring's
 * engine, which knows neither years nor days of month <em>or</em> of week: the first
 * filter what it finds, the second are two patterns of which the earlier one counts.
 */
final class LocalTimes {

	private final List<LocalPattern> patterns;

	/** None stands for every year. */
	private final NavigableSet<Integer> years;

	private LocalTimes(List<LocalPattern> patterns, NavigableSet<Integer> years) {
		this.patterns = patterns;
		this.years = years;
	}

	/**
	 * Returns the times of fields in normal form.
	 * @param fields the fields; a second that is missing is 0, a year any
	 * @param eitherDay whether one of two restricted day fields is enough
	 */
	static LocalTimes of(Map<Field, String> fields, boolean eitherDay) {
		String time = fields.getOrDefault(Field.SECOND, "0") + " " + fields.get(Field.MINUTE) + " "
				+ fields.get(Field.HOUR);
		String month = fields.getOrDefault(Field.MONTH, "*");
		String dayOfMonth = fields.getOrDefault(Field.DAY_OF_MONTH, "*");
		String dayOfWeek = fields.getOrDefault(Field.DAY_OF_WEEK, "*");
		List<LocalPattern> patterns = new ArrayList<>();
		if (eitherDay && !dayOfMonth.equals("*") && !dayOfWeek.equals("*")) {
			patterns.addAll(LocalPattern.of(time, dayOfMonth, month, "*"));
			patterns.addAll(LocalPattern.of(time, "*", month, dayOfWeek));
		}
		else {
			patterns.addAll(LocalPattern.of(time, dayOfMonth, month, dayOfWeek));
		}
		return new LocalTimes(List.copyOf(patterns),
				Collections.unmodifiableNavigableSet(Years.parse(fields.getOrDefault(Field.YEAR, "*"))));
	}

	/** Returns the first time after another, or {@code null} if there is none. */
	@Nullable LocalDateTime next(LocalDateTime after) {
		LocalDateTime next = earliest(after);
		while (next != null && !this.years.isEmpty() && !this.years.contains(next.getYear())) {
			Integer year = this.years.higher(next.getYear());
			next = (year != null) ? earliest(LocalDateTime.of(year, 1, 1, 0, 0).minusNanos(1)) : null;
		}
		return next;
	}

	private @Nullable LocalDateTime earliest(LocalDateTime after) {
		LocalDateTime earliest = null;
		for (LocalPattern pattern : this.patterns) {
			LocalDateTime next = pattern.next(after);
			if (earliest == null || (next != null && next.isBefore(earliest))) {
				earliest = next;
			}
		}
		return earliest;
	}

}
