package io.taskqueue.cron;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.support.CronExpression;

/**
 * Six fields as Spring's engine reads them.
 *
 * @param engine the engine
 * @param shortestMonth how many days a month needs to be considered
 */
record LocalPattern(CronExpression engine, int shortestMonth) {

	private static final Pattern LATE_NEAREST_WEEKDAY = Pattern.compile("(29|30|31)W");

	/**
	 * Returns the patterns that together are one. Asked on the 30th of April, a Friday,
	 * the engine takes it for the weekday nearest to the 31st. So such days get a pattern
	 * of their own, which passes over months that are too short.
	 */
	static List<LocalPattern> of(String time, String dayOfMonth, String month, String dayOfWeek) {
		List<LocalPattern> patterns = new ArrayList<>();
		List<String> plainDays = new ArrayList<>();
		for (String day : dayOfMonth.split(",")) {
			if (LATE_NEAREST_WEEKDAY.matcher(day).matches()) {
				patterns
					.add(new LocalPattern(engine(time, day, month, dayOfWeek), Integer.parseInt(day.substring(0, 2))));
			}
			else {
				plainDays.add(day);
			}
		}
		if (!plainDays.isEmpty()) {
			patterns.add(new LocalPattern(engine(time, String.join(",", plainDays), month, dayOfWeek), 0));
		}
		return patterns;
	}

	private static CronExpression engine(String time, String dayOfMonth, String month, String dayOfWeek) {
		return CronExpression.parse("%s %s %s %s".formatted(time, dayOfMonth, month, dayOfWeek));
	}

	@Nullable LocalDateTime next(LocalDateTime after) {
		LocalDateTime next = this.engine.next(after);
		while (next != null && next.toLocalDate().lengthOfMonth() < this.shortestMonth) {
			LocalDateTime nextMonth = next.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay();
			next = this.engine.next(nextMonth.minusNanos(1));
		}
		return next;
	}

}
