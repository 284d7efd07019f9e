package io.taskqueue.cron;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The duration after {@code @every}: Go's form, such as {@code 1h30m10s}, or ISO's, such
 * as {@code PT90S}.
 */
final class IntervalText {

	private static final Map<String, BigDecimal> SECONDS = Map.of("ns", new BigDecimal("1e-9"), "us",
			new BigDecimal("1e-6"), "µs", new BigDecimal("1e-6"), "ms", new BigDecimal("1e-3"), "s", BigDecimal.ONE,
			"m", BigDecimal.valueOf(60), "h", BigDecimal.valueOf(3600));

	private static final String GO_UNIT = "(\\d{1,15}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|µs|ms|s|m|h)";

	private static final Pattern GO = Pattern.compile("(?:" + GO_UNIT + ")++");

	private static final Pattern GO_PART = Pattern.compile(GO_UNIT);

	private static final BigDecimal LONGEST = BigDecimal.valueOf(Duration.ofDays(36_500).toSeconds());

	private IntervalText() {
	}

	static Duration parse(Word word) {
		BigDecimal seconds = seconds(word);
		if (seconds.compareTo(BigDecimal.ONE) < 0) {
			throw word.invalid(null, "'%s' is shorter than a second".formatted(word), "Write @every 1s or longer");
		}
		if (seconds.compareTo(LONGEST) > 0) {
			throw word.invalid(null, "'%s' is longer than 36500 days".formatted(word),
					"Write @every 876000h or shorter");
		}
		if (seconds.stripTrailingZeros().scale() > 0) {
			throw word.invalid(null, "'%s' is not a number of whole seconds".formatted(word),
					"Write @every " + format(Duration.ofSeconds(seconds.longValue())));
		}
		return Duration.ofSeconds(seconds.longValue());
	}

	/** Returns a duration of whole seconds in Go's form, without zeros. */
	static String format(Duration interval) {
		StringBuilder text = new StringBuilder();
		append(text, interval.toHours(), 'h');
		append(text, interval.toMinutesPart(), 'm');
		append(text, interval.toSecondsPart(), 's');
		return text.toString();
	}

	private static void append(StringBuilder text, long number, char unit) {
		if (number > 0) {
			text.append(number).append(unit);
		}
	}

	private static BigDecimal seconds(Word word) {
		if (GO.matcher(word.text()).matches()) {
			return goSeconds(word.text());
		}
		try {
			Duration duration = Duration.parse(word.text());
			return BigDecimal.valueOf(duration.toSeconds()).add(BigDecimal.valueOf(duration.toNanosPart(), 9));
		}
		catch (DateTimeException ex) {
			throw word.invalid(null, "'%s' is not a duration".formatted(word),
					"Write it as Go does, such as 90s or 1h30m, or as ISO does, such as PT90S");
		}
	}

	private static BigDecimal goSeconds(String text) {
		BigDecimal seconds = BigDecimal.ZERO;
		Matcher part = GO_PART.matcher(text);
		while (part.find()) {
			seconds = seconds
				.add(new BigDecimal(part.group(1)).multiply(SECONDS.getOrDefault(part.group(2), BigDecimal.ONE)));
		}
		return seconds;
	}

}
