package io.taskqueue.wire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A task's options as asynq prints them and its tools read them, such as
 * {@code MaxRetry(5)}. Each needs its parentheses: without, asynq's inspector panics.
 */
public final class GoOptions {

	private GoOptions() {
	}

	/** Returns the options that a record came from. */
	public static List<String> of(TaskMessage message) {
		List<String> options = new ArrayList<>();
		options.add("Queue(\"%s\")".formatted(message.queue()));
		options.add("MaxRetry(%d)".formatted(message.retry()));
		if (message.timeout() > 0) {
			options.add("Timeout(%s)".formatted(duration(message.timeout())));
		}
		if (message.retention() > 0) {
			options.add("Retention(%s)".formatted(duration(message.retention())));
		}
		return options;
	}

	/** Writes whole seconds as Go does: {@code 1h0m0s}, {@code 1m30s}, {@code 5s}. */
	private static String duration(long seconds) {
		Duration duration = Duration.ofSeconds(seconds);
		String text = duration.toSecondsPart() + "s";
		if (duration.toMinutes() > 0) {
			text = duration.toMinutesPart() + "m" + text;
		}
		return (duration.toHours() > 0) ? duration.toHours() + "h" + text : text;
	}

}
