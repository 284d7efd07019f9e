package io.taskqueue.cron;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The forms of an expression. The number of fields tells them apart; with six of them,
 * whether the last one is a year.
 */
enum Dialect {

	/** As crontab, asynq and go-cinch. */
	CRONTAB(false, false),

	/** As Spring's {@code @Scheduled}. */
	SPRING(true, false),

	/** As go-cinch. */
	WITH_YEAR(false, true),

	/** As go-cinch. */
	WITH_SECOND_AND_YEAR(true, true);

	private static final Pattern YEARS = Pattern.compile("(19[7-9]\\d|[2-9]\\d{3,})([,/-]\\d+)*");

	private final boolean second;

	private final boolean year;

	Dialect(boolean second, boolean year) {
		this.second = second;
		this.year = year;
	}

	/** Returns the form of an expression, or {@code null} if there is none like it. */
	static @Nullable Dialect of(List<Word> words) {
		return switch (words.size()) {
			case 5 -> CRONTAB;
			case 6 -> YEARS.matcher(words.get(5).text()).matches() ? WITH_YEAR : SPRING;
			case 7 -> WITH_SECOND_AND_YEAR;
			default -> null;
		};
	}

	/** Returns the fields in the order in which they are written. */
	List<Field> fields() {
		return Arrays.asList(Field.values()).subList(this.second ? 0 : 1, Field.values().length - (this.year ? 0 : 1));
	}

	/**
	 * Returns whether one day field is enough where both are restricted; otherwise both
	 * must match.
	 */
	boolean eitherDay() {
		return this != SPRING;
	}

	/**
	 * Returns the first and the last day of a week, which decide what {@code *}{@code /2}
	 * means: Sunday, Tuesday, Thursday, Saturday for crontab, Monday, Wednesday, Friday,
	 * Sunday for Spring.
	 */
	int firstDayOfWeek() {
		return (this == SPRING) ? 1 : 0;
	}

	int lastDayOfWeek() {
		return firstDayOfWeek() + 6;
	}

}
