package io.taskqueue.cron;

import java.time.DayOfWeek;
import java.time.Month;

/**
 * A field of an expression: its name, its range and the names of its values.
 */
enum Field {

	SECOND("second", 0, 59),

	MINUTE("minute", 0, 59),

	HOUR("hour", 0, 23),

	DAY_OF_MONTH("day of month", 1, 31),

	MONTH("month", 1, 12),

	/** 0 and 7 are both Sunday. */
	DAY_OF_WEEK("day of week", 0, 7),

	YEAR("year", 1970, 2099);

	private static final int SUNDAY = 7;

	private static final int SHORT_NAME = 3;

	private final String label;

	private final int min;

	private final int max;

	Field(String label, int min, int max) {
		this.label = label;
		this.min = min;
		this.max = max;
	}

	String label() {
		return this.label;
	}

	int min() {
		return this.min;
	}

	int max() {
		return this.max;
	}

	boolean hasNames() {
		return this == MONTH || this == DAY_OF_WEEK;
	}

	/** Returns the value of a full or three-letter name in any case, or -1. */
	int valueOfName(String name) {
		for (int value = this.min; hasNames() && value <= this.max; value++) {
			if (name.equalsIgnoreCase(fullName(value)) || name.equalsIgnoreCase(nameOf(value))) {
				return value;
			}
		}
		return -1;
	}

	/** Returns the three-letter name of a value of a field that has names. */
	String nameOf(int value) {
		return fullName(value).substring(0, SHORT_NAME);
	}

	/** Returns what to write in the field. */
	String allowed() {
		String numbers = "%d-%d".formatted(this.min, this.max);
		return switch (this) {
			case DAY_OF_WEEK -> numbers + " (0 and 7 are Sunday) or SUN-SAT";
			case MONTH -> numbers + " or JAN-DEC";
			default -> numbers;
		};
	}

	private String fullName(int value) {
		return (this == MONTH) ? Month.of(value).name() : DayOfWeek.of((value == 0) ? SUNDAY : value).name();
	}

}
