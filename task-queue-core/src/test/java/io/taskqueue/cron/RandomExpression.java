package io.taskqueue.cron;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * An expression made up, with what it should mean, told without any engine.
 *
 * @param text the expression
 * @param interval whether the hour field makes it an interval
 * @param matches the meaning
 */
record RandomExpression(String text, boolean interval, Predicate<LocalDateTime> matches) {

	private static final String[] DAYS = { "SUN", "Mon", "TUESDAY", "wed", "Thu", "friday", "SAT" };

	private static final String[] MONTHS = { "JAN", "february", "Mar", "APR", "may", "June", "JUL", "aug", "Sep", "OCT",
			"november", "DEC" };

	/** Makes up five fields. */
	static RandomExpression crontab(Random random) {
		Values minute = Values.any(random, 0, 59);
		Values hour = random.nextBoolean() ? Values.list(random, 0, 5) : Values.any(random, 0, 23);
		Values month = random.nextInt(3) > 0 ? Values.ALL : Values.any(random, 1, 12).named(MONTHS, 1, random);
		Days dayOfMonth = daysOfMonth(random);
		Days dayOfWeek = daysOfWeek(random);
		Predicate<LocalDate> day = (dayOfMonth.restricted() && dayOfWeek.restricted())
				? dayOfMonth.matches().or(dayOfWeek.matches()) : dayOfMonth.matches().and(dayOfWeek.matches());
		String text = String.join(" ", minute.text(), hour.text(), dayOfMonth.text(), month.text(), dayOfWeek.text());
		return new RandomExpression(text, hour.text().matches(".*[*/-].*"),
				(time) -> minute.matches().test(time.getMinute()) && hour.matches().test(time.getHour())
						&& month.matches().test(time.getMonthValue()) && day.test(time.toLocalDate()));
	}

	/** Makes up six fields that Spring reads too. */
	static String spring(Random random) {
		String second = random.nextBoolean() ? "0" : Values.any(random, 0, 59).text();
		String hour = Values.any(random, 0, 23).text();
		String month = random.nextBoolean() ? "*" : Values.any(random, 1, 12).text();
		String dayOfMonth = daysOfMonth(random).text();
		String dayOfWeek = random.nextInt(3) == 0 ? Values.any(random, 0, 7).text() : daysOfWeek(random).text();
		String shortDays = dayOfWeek.replace("TUESDAY", "TUE").replace("friday", "FRI");
		return String.join(" ", second, Values.any(random, 0, 59).text(), hour, dayOfMonth, month, shortDays);
	}

	private static Days daysOfMonth(Random random) {
		int day = 1 + random.nextInt(31);
		return switch (random.nextInt(8)) {
			case 0 -> new Days("L", (date) -> date.getDayOfMonth() == date.lengthOfMonth());
			case 1 -> new Days("LW", (date) -> date.equals(lastWeekday(date)));
			case 2 -> {
				int before = 1 + random.nextInt(27);
				yield new Days("L-" + before, (date) -> date.getDayOfMonth() == date.lengthOfMonth() - before);
			}
			case 3 -> new Days(day + "W", (date) -> isWeekdayNearestTo(day, date));
			case 4 -> new Days("15W," + day, (date) -> isWeekdayNearestTo(15, date) || date.getDayOfMonth() == day);
			case 5 -> Values.any(random, 1, 31).days(LocalDate::getDayOfMonth);
			default -> Days.ALL;
		};
	}

	private static Days daysOfWeek(Random random) {
		int day = random.nextInt(7);
		int nth = 1 + random.nextInt(5);
		return switch (random.nextInt(6)) {
			case 0 -> new Days(DAYS[day] + "L", (date) -> isOn(day, date) && isInLastWeek(date));
			case 1 -> new Days(DAYS[day] + "#" + nth + ",7L",
					(date) -> (isOn(day, date) && isNth(nth, date)) || (isOn(0, date) && isInLastWeek(date)));
			case 2 ->
				Values.list(random, 0, 6).named(DAYS, 0, random).days((date) -> date.getDayOfWeek().getValue() % 7);
			case 3 -> new Days("5-7", (date) -> date.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) >= 0);
			default -> Days.ALL;
		};
	}

	private static boolean isOn(int day, LocalDate date) {
		return date.getDayOfWeek().getValue() % 7 == day;
	}

	private static boolean isNth(int nth, LocalDate date) {
		return (date.getDayOfMonth() + 6) / 7 == nth;
	}

	private static boolean isInLastWeek(LocalDate date) {
		return date.getDayOfMonth() > date.lengthOfMonth() - 7;
	}

	private static LocalDate lastWeekday(LocalDate date) {
		LocalDate last = date.withDayOfMonth(date.lengthOfMonth());
		while (last.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0) {
			last = last.minusDays(1);
		}
		return last;
	}

	/** None in a month whose last day is meant and is a Sunday. */
	private static boolean isWeekdayNearestTo(int day, LocalDate date) {
		if (day > date.lengthOfMonth()) {
			return false;
		}
		LocalDate meant = date.withDayOfMonth(day);
		LocalDate nearest = switch (meant.getDayOfWeek()) {
			case SATURDAY -> (day == 1) ? meant.plusDays(2) : meant.minusDays(1);
			case SUNDAY -> meant.plusDays(1);
			default -> meant;
		};
		return date.equals(nearest);
	}

	private record Days(String text, Predicate<LocalDate> matches) {

		static final Days ALL = new Days("?", (date) -> true);

		boolean restricted() {
			return !this.text.equals("?") && !this.text.equals("*") && !this.text.equals("*/1");
		}

	}

	private record Values(String text, IntPredicate matches) {

		static final Values ALL = new Values("*", (value) -> true);

		static Values any(Random random, int min, int max) {
			int first = min + random.nextInt(max - min);
			int last = first + 1 + random.nextInt(max - first);
			int step = 1 + random.nextInt(Math.min(max, 20));
			return switch (random.nextInt(6)) {
				case 0 -> ALL;
				case 1 -> new Values("*/" + step, (value) -> (value - min) % step == 0);
				case 2 -> new Values(first + "/" + step, (value) -> value >= first && (value - first) % step == 0);
				case 3 -> new Values(first + "-" + last, (value) -> value >= first && value <= last);
				case 4 -> new Values(first + "-" + last + "/" + step,
						(value) -> value >= first && value <= last && (value - first) % step == 0);
				default -> list(random, min, max);
			};
		}

		static Values list(Random random, int min, int max) {
			BitSet values = new BitSet();
			List<String> elements = new ArrayList<>();
			for (int i = random.nextInt(3); i >= 0; i--) {
				int value = min + random.nextInt(max - min + 1);
				values.set(value);
				elements.add(Integer.toString(value));
			}
			return new Values(String.join(",", elements), values::get);
		}

		/** Writes a single value as its name, now and then. */
		Values named(String[] names, int min, Random random) {
			boolean name = this.text.matches("\\d+") && random.nextBoolean();
			return name ? new Values(names[Integer.parseInt(this.text) - min], this.matches) : this;
		}

		Days days(ToIntFunction<LocalDate> part) {
			return new Days(this.text, (date) -> this.matches.test(part.applyAsInt(date)));
		}

	}

}
