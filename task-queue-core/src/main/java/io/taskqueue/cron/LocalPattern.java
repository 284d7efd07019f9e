package io.taskqueue.cron;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.support.CronExpression;

/**
 * Six fields as Spring's engine reads them, and the weekday nearest to a day of the
 * month, which we find ourselves: what the engine answers to {@code 1W} on a weekend, or
 * to {@code 31W} on the 30th, depends on the time of day.
 *
 * @param engine the engine
 * @param nearestTo the day of the month whose nearest weekday is meant; 0 for none
 */
record LocalPattern(CronExpression engine, int nearestTo) {

	/** Any date comes back on the same day of the week within 40 years. */
	private static final int LONGEST_WAIT_IN_YEARS = 41;

	/** Returns the patterns of which the earliest time counts. */
	static List<LocalPattern> of(String time, String dayOfMonth, String month, String dayOfWeek) {
		List<LocalPattern> patterns = new ArrayList<>();
		List<String> days = new ArrayList<>();
		for (String day : dayOfMonth.split(",")) {
			if (day.endsWith("W") && !day.equals("LW")) {
				int nearestTo = Integer.parseInt(day.substring(0, day.length() - 1));
				patterns.add(new LocalPattern(engine(time, "*", month, dayOfWeek), nearestTo));
			}
			else {
				days.add(day);
			}
		}
		if (!days.isEmpty()) {
			patterns.add(new LocalPattern(engine(time, String.join(",", days), month, dayOfWeek), 0));
		}
		return patterns;
	}

	private static CronExpression engine(String time, String dayOfMonth, String month, String dayOfWeek) {
		return CronExpression.parse("%s %s %s %s".formatted(time, dayOfMonth, month, dayOfWeek));
	}

	/** Returns the first time after another, or {@code null} if there is none. */
	@Nullable LocalDateTime next(LocalDateTime after) {
		LocalDateTime next = this.engine.next(after);
		if (this.nearestTo == 0) {
			return next;
		}
		while (next != null) {
			LocalDate date = next.toLocalDate();
			LocalDate nearest = nearestWeekday(YearMonth.from(date));
			if (date.equals(nearest)) {
				return next;
			}
			LocalDate from = (nearest != null && nearest.isAfter(date)) ? nearest
					: date.withDayOfMonth(1).plusMonths(1);
			boolean further = from.getYear() - after.getYear() <= LONGEST_WAIT_IN_YEARS;
			next = further ? this.engine.next(from.atStartOfDay().minusNanos(1)) : null;
		}
		return null;
	}

	/**
	 * Returns the weekday nearest to the day, within its month. There is none in a month
	 * that lacks the day, nor, as with Spring, if the day is the last one and a Sunday.
	 */
	private @Nullable LocalDate nearestWeekday(YearMonth month) {
		if (!month.isValidDay(this.nearestTo)) {
			return null;
		}
		LocalDate day = month.atDay(this.nearestTo);
		if (day.getDayOfWeek() == DayOfWeek.SATURDAY) {
			return (this.nearestTo == 1) ? day.plusDays(2) : day.minusDays(1);
		}
		if (day.getDayOfWeek() == DayOfWeek.SUNDAY) {
			return (this.nearestTo == month.lengthOfMonth()) ? null : day.plusDays(1);
		}
		return day;
	}

}
