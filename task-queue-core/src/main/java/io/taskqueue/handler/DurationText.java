package io.taskqueue.handler;

import java.time.Duration;

import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * Durations as people write them. A bare number is refused, since seconds and
 * milliseconds are equally likely to be meant.
 */
final class DurationText {

	private DurationText() {
	}

	/**
	 * Reads a duration.
	 * @throws IllegalArgumentException naming the text and what to write
	 */
	static Duration parse(String text) {
		if (!text.isEmpty() && !Character.isDigit(text.charAt(text.length() - 1))) {
			try {
				Duration duration = DurationFormatterUtils.detectAndParse(text);
				if (!duration.isNegative()) {
					return duration;
				}
			}
			catch (IllegalArgumentException | ArithmeticException ex) {
				throw new IllegalArgumentException(invalid(text), ex);
			}
		}
		throw new IllegalArgumentException(invalid(text));
	}

	private static String invalid(String text) {
		return "'%s' is not a duration such as 500ms, 10s, 5m, 1h30m or PT10S".formatted(text);
	}

}
