package io.taskqueue.handler;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.taskqueue.RetryDelay;

/**
 * The wait between attempts, written as text: in an annotation or in properties.
 */
public final class Backoff {

	private static final Pattern EXPONENTIAL = Pattern
		.compile("exponential\\(([^,()]+),([^,()]+),([^,()]+)(?:,([^,()]+))?\\)");

	private static final double JITTER = 0.2;

	private Backoff() {
	}

	/**
	 * Reads a back-off.
	 * @param text a duration for always the same wait, such as {@code 10s};
	 * {@code exponential(10s, 2, 1h)} for a first wait, a factor and the longest wait,
	 * with a jitter from 0 to 1 as a fourth value if 0.2 will not do; or {@code asynq}
	 * for asynq's formula
	 * @throws IllegalArgumentException naming the text or its part that is wrong, and
	 * what to write
	 */
	public static RetryDelay parse(String text) {
		String trimmed = text.strip();
		Matcher exponential = EXPONENTIAL.matcher(trimmed);
		if (exponential.matches()) {
			String jitter = exponential.group(4);
			return RetryDelay.exponential(DurationText.parse(exponential.group(1).strip()),
					number(exponential.group(2)), DurationText.parse(exponential.group(3).strip()),
					(jitter != null) ? number(jitter) : JITTER);
		}
		if (trimmed.equals("asynq")) {
			return RetryDelay.asynq();
		}
		try {
			return RetryDelay.fixed(DurationText.parse(trimmed));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"'%s' is not a back-off such as 10s, exponential(10s, 2, 1h) or asynq".formatted(text), ex);
		}
	}

	private static double number(String text) {
		try {
			return Double.parseDouble(text.strip());
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("'%s' is not a number such as 2 or 1.5".formatted(text.strip()), ex);
		}
	}

}
