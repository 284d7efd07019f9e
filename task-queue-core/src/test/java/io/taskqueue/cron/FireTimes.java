package io.taskqueue.cron;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Fire times as tables show them: {@code 01-15 10:20}, with the year if it is not 2026,
 * with the offset outside UTC.
 */
final class FireTimes {

	private static final int USUAL_YEAR = 2026;

	private FireTimes() {
	}

	static CronSchedule schedule(String expression, ZoneId zone) {
		return CronSchedule.parse(List.of(expression), null, zone, DstPolicy.standard());
	}

	static List<Instant> next(CronSchedule schedule, Instant after, int count) {
		List<Instant> times = new ArrayList<>();
		Instant time = after;
		while (times.size() < count && time != null) {
			time = schedule.next(time, after);
			if (time != null) {
				times.add(time);
			}
		}
		return times;
	}

	static String inUtc(CronSchedule schedule, Instant after, int count) {
		return String.join(", ", next(schedule, after, count).stream().map(FireTimes::inUtc).toList());
	}

	static String inZone(CronSchedule schedule, Instant after, int count, ZoneId zone) {
		return String.join(", ",
				next(schedule, after, count).stream().map((time) -> inZone(time.atZone(zone))).toList());
	}

	private static String inUtc(Instant time) {
		ZonedDateTime zoned = time.atZone(ZoneOffset.UTC);
		String date = date(zoned);
		return zoned.toLocalTime().equals(LocalTime.MIDNIGHT) ? date : date + " " + zoned.toLocalTime();
	}

	private static String inZone(ZonedDateTime zoned) {
		return date(zoned) + " " + zoned.toLocalTime() + zoned.getOffset();
	}

	private static String date(ZonedDateTime zoned) {
		return DateTimeFormatter.ofPattern((zoned.getYear() == USUAL_YEAR) ? "MM-dd" : "uuuu-MM-dd").format(zoned);
	}

}
