package io.taskqueue.handler;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.taskqueue.RetryDelay;
import io.taskqueue.TaskOptions;
import io.taskqueue.annotation.TaskHandler;
import org.jspecify.annotations.Nullable;

/**
 * Reads the attributes of {@link TaskHandler}.
 */
final class HandlerAttributes {

	private final TaskHandler annotation;

	private final UnaryOperator<String> placeholders;

	private final String source;

	HandlerAttributes(TaskHandler annotation, UnaryOperator<String> placeholders, String source) {
		this.annotation = annotation;
		this.placeholders = placeholders;
		this.source = source;
	}

	String pattern() {
		return resolve("type", this.annotation.type());
	}

	Handler.Policy policy() {
		TaskOptions defaults = TaskOptions.unset();
		String queue = read("queue", this.annotation.queue(), Function.identity());
		if (queue != null) {
			defaults = defaults.withQueue(queue);
		}
		Integer retry = read("retry", this.annotation.retry(), HandlerAttributes::count);
		if (retry != null) {
			defaults = defaults.withRetry(retry);
		}
		var timeout = read("timeout", this.annotation.timeout(), DurationText::parse);
		if (timeout != null) {
			defaults = defaults.withTimeout(timeout);
		}
		var retention = read("retention", this.annotation.retention(), DurationText::parse);
		if (retention != null) {
			defaults = defaults.withRetention(retention);
		}
		RetryDelay backoff = read("backoff", this.annotation.backoff(), Backoff::parse);
		Integer concurrency = read("concurrency", this.annotation.concurrency(), HandlerAttributes::count);
		Integer total = read("totalConcurrency", this.annotation.totalConcurrency(), HandlerAttributes::count);
		return new Handler.Policy(defaults, backoff, List.of(this.annotation.noRetryFor()),
				(concurrency != null) ? concurrency : 0, (total != null) ? total : 0);
	}

	private static int count(String text) {
		if (!text.matches("\\d{1,9}")) {
			throw new IllegalArgumentException("'%s' is not a whole number from 0 to 999999999".formatted(text));
		}
		return Integer.parseInt(text);
	}

	private <T> @Nullable T read(String name, String text, Function<String, T> parse) {
		String resolved = resolve(name, text).strip();
		try {
			return resolved.isEmpty() ? null : parse.apply(resolved);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(name, text, ex);
		}
	}

	private String resolve(String name, String text) {
		try {
			return this.placeholders.apply(text);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(name, text, ex);
		}
	}

	private InvalidHandlerException invalid(String name, String text, IllegalArgumentException cause) {
		return new InvalidHandlerException(this.source,
				"%s = \"%s\" cannot be read: %s".formatted(name, text, cause.getMessage()),
				"Correct the attribute or the property behind it", cause);
	}

}
