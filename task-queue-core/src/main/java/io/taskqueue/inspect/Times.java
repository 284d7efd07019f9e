package io.taskqueue.inspect;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Reads times that anybody may have written: whole seconds usually, but also fractions,
 * what is no time at all, and microseconds, which a future asynq may write.
 */
final class Times {

	/** The year 5138 in seconds: anything above is in microseconds. */
	private static final double LARGEST_SECOND = 1e11;

	private Times() {
	}

	/** Returns the time that a text stands for, or {@code null} if it is none. */
	static @Nullable Instant ofText(@Nullable String text) {
		if (text == null) {
			return null;
		}
		try {
			return ofScore(Double.parseDouble(text));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static @Nullable Instant ofScore(double score) {
		if (Double.isNaN(score) || Math.abs(score) > LARGEST_SECOND * 1e6) {
			return null;
		}
		double seconds = (score > LARGEST_SECOND) ? score / 1e6 : score;
		return Instant.ofEpochMilli(Math.round(seconds * 1000));
	}

	/** Returns the time of seconds in a record, where 0 stands for none. */
	static @Nullable Instant ofSeconds(long seconds) {
		boolean time = seconds != 0 && Math.abs(seconds) <= LARGEST_SECOND;
		return time ? Instant.ofEpochSecond(seconds) : null;
	}

}
