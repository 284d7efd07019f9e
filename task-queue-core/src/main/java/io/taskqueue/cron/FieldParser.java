package io.taskqueue.cron;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.taskqueue.InvalidCronExpressionException;

/**
 * Reads one field and writes it in its normal form, which is one that Spring's engine
 * reads: numbers for names, {@code *} for {@code ?} and for any list that contains it.
 */
final class FieldParser {

	private static final Pattern LAST_DAYS = Pattern.compile("LW?|L-(\\d{1,2})");

	private static final Pattern NEAREST_WEEKDAY = Pattern.compile("(\\d{1,2})W");

	private static final Pattern LAST_WEEKDAY = Pattern.compile("(\\w+)L");

	private static final Pattern NTH_WEEKDAY = Pattern.compile("(\\w+)#(\\d+)");

	/** February can have as few as 28 days. */
	private static final int LONGEST_WAY_FROM_LAST = 27;

	private static final int SUNDAY = 7;

	private final Field field;

	private final Dialect dialect;

	FieldParser(Field field, Dialect dialect) {
		this.field = field;
		this.dialect = dialect;
	}

	String parse(Word word) {
		List<String> elements = new ArrayList<>();
		for (Word element : word.elements()) {
			elements.add(element(element));
		}
		return elements.contains("*") ? "*" : String.join(",", elements);
	}

	private String element(Word element) {
		if (element.text().isEmpty()) {
			throw element.invalid(this.field, "an element of the list is empty", "Remove the comma too many");
		}
		return switch (this.field) {
			case DAY_OF_MONTH -> dayOfMonth(element);
			case DAY_OF_WEEK -> dayOfWeek(element);
			default -> range(element);
		};
	}

	private String dayOfMonth(Word element) {
		String text = element.text().toUpperCase(Locale.ROOT);
		Matcher last = LAST_DAYS.matcher(text);
		if (last.matches()) {
			return (last.group(1) != null) ? daysBeforeLast(element, Integer.parseInt(last.group(1))) : text;
		}
		Matcher nearest = NEAREST_WEEKDAY.matcher(text);
		if (nearest.matches()) {
			return value(element.part(0, nearest.end(1))) + "W";
		}
		return range(element);
	}

	private String daysBeforeLast(Word element, int days) {
		if (days < 1 || days > LONGEST_WAY_FROM_LAST) {
			throw element.invalid(this.field, "not every month has a day '%s'".formatted(element),
					"Write L for the last day, or L-1 to L-27");
		}
		return "L-" + days;
	}

	private String dayOfWeek(Word element) {
		String text = element.text().toUpperCase(Locale.ROOT);
		if (text.equals("L")) {
			throw element.invalid(this.field, "'L' lacks the day whose last one is meant",
					"Write FRIL for the last Friday of the month, or SAT for every Saturday");
		}
		Matcher last = LAST_WEEKDAY.matcher(text);
		if (last.matches()) {
			return value(element.part(0, last.end(1))) + "L";
		}
		Matcher nth = NTH_WEEKDAY.matcher(text);
		if (nth.matches()) {
			if (!nth.group(2).matches("[1-5]")) {
				throw element.from(nth.start(2))
					.invalid(this.field, "no month has a %s. %s".formatted(nth.group(2), element.part(0, nth.end(1))),
							"Write a number from 1 to 5 after #");
			}
			return value(element.part(0, nth.end(1))) + "#" + nth.group(2);
		}
		return range(element);
	}

	private String range(Word element) {
		int slash = element.text().indexOf('/');
		Word range = (slash < 0) ? element : element.part(0, slash);
		int step = (slash < 0) ? 1 : step(element.from(slash + 1));
		if (range.text().equals("*") || range.text().equals("?")) {
			return every(step);
		}
		int dash = range.text().indexOf('-');
		if (dash >= 0) {
			return span(range, range.part(0, dash), range.from(dash + 1), step);
		}
		int value = value(range);
		return (slash < 0) ? Integer.toString(value) : toEnd(value, step);
	}

	private String every(int step) {
		if (step == 1) {
			return "*";
		}
		String all = (this.field == Field.DAY_OF_WEEK)
				? this.dialect.firstDayOfWeek() + "-" + this.dialect.lastDayOfWeek() : "*";
		return all + "/" + step;
	}

	private String toEnd(int value, int step) {
		if (this.field != Field.DAY_OF_WEEK) {
			return value + "/" + step;
		}
		int last = this.dialect.lastDayOfWeek();
		int first = (value > last) ? 0 : value;
		// Spring's engine takes a range from 7 for one from 0
		return (first == SUNDAY) ? Integer.toString(first) : stepped(first + "-" + last, step);
	}

	private String span(Word range, Word from, Word to, int step) {
		int first = value(from);
		int last = value(to);
		if (this.field == Field.DAY_OF_WEEK && first != last) {
			boolean sundayByName = last == 0 && !Character.isDigit(to.text().charAt(0));
			first = (first == SUNDAY) ? 0 : first;
			last = sundayByName ? SUNDAY : last;
		}
		if (first > last) {
			throw reversed(range, from, first, last, step);
		}
		boolean oneDay = this.field == Field.DAY_OF_WEEK && first == last;
		return oneDay ? Integer.toString(first) : stepped(first + "-" + last, step);
	}

	private static String stepped(String range, int step) {
		return (step == 1) ? range : range + "/" + step;
	}

	private int value(Word word) {
		String text = word.text();
		if (!text.matches("\\d+")) {
			int named = this.field.valueOfName(text);
			if (named < 0) {
				throw word.invalid(this.field, "'%s' is not a value of this field".formatted(word),
						"Write " + this.field.allowed());
			}
			return named;
		}
		int value = number(text);
		if (value < this.field.min() || value > this.field.max()) {
			throw word.invalid(this.field, "%s is out of range".formatted(word), "Write " + this.field.allowed());
		}
		return value;
	}

	private int step(Word word) {
		int longest = (this.field == Field.YEAR) ? this.field.max() - this.field.min() : this.field.max();
		int step = word.text().matches("\\d+") ? number(word.text()) : 0;
		if (step < 1 || step > longest) {
			String fix = "Write a step from 1 to " + longest;
			throw word.invalid(this.field, "'%s' is not a step within the field".formatted(word), switch (this.field) {
				case SECOND -> fix + ", or an interval such as @every 90s";
				case MINUTE -> fix + ", or an interval such as @every 90m";
				case HOUR -> fix + ", or an interval such as @every 36h";
				default -> fix;
			});
		}
		return step;
	}

	/** Returns a number, or one that is out of every range. */
	private static int number(String digits) {
		return (digits.length() > 4) ? Integer.MAX_VALUE : Integer.parseInt(digits);
	}

	private InvalidCronExpressionException reversed(Word range, Word from, int first, int last, int step) {
		return range.invalid(this.field, "the range '%s' runs backwards".formatted(range),
				"Write " + ((step == 1) ? aroundTheEnd(from, first, last) : listAroundTheEnd(first, last, step)));
	}

	private String aroundTheEnd(Word from, int first, int last) {
		if (this.field == Field.YEAR) {
			return last + "-" + first;
		}
		boolean named = !Character.isDigit(from.text().charAt(0));
		int start = (this.field == Field.DAY_OF_WEEK) ? 1 : this.field.min();
		String untilEnd = shortRange(first, this.field.max(), named);
		return (last < start) ? untilEnd : untilEnd + "," + shortRange(start, last, named);
	}

	private String shortRange(int first, int last, boolean named) {
		String from = named ? this.field.nameOf(first) : Integer.toString(first);
		String to = named ? this.field.nameOf(last) : Integer.toString(last);
		return (first == last) ? from : from + "-" + to;
	}

	private String listAroundTheEnd(int first, int last, int step) {
		if (this.field == Field.YEAR) {
			return last + "-" + first + "/" + step;
		}
		int size = (this.field == Field.DAY_OF_WEEK) ? 7 : this.field.max() - this.field.min() + 1;
		List<String> values = new ArrayList<>();
		for (int value = first; value <= last + size; value += step) {
			values.add(Integer.toString((value - this.field.min()) % size + this.field.min()));
		}
		return String.join(",", values);
	}

}
