package io.taskqueue.handler;

import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Reads the texts of an annotation's attributes.
 *
 * @param placeholders replaces placeholders
 * @param source the annotated method, for messages
 */
record AttributeReader(UnaryOperator<String> placeholders, String source) {

	/** Returns what a text says; {@code null} for an empty one. */
	<T> @Nullable T read(String name, String text, Function<String, T> parse) {
		String resolved = resolve(name, text).strip();
		try {
			return resolved.isEmpty() ? null : parse.apply(resolved);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(name, text, ex);
		}
	}

	String resolve(String name, String text) {
		try {
			return this.placeholders.apply(text);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(name, text, ex);
		}
	}

	/** Reads a number from 0. */
	static int count(String text) {
		if (!text.matches("\\d{1,9}")) {
			throw new IllegalArgumentException("'%s' is not a whole number from 0 to 999999999".formatted(text));
		}
		return Integer.parseInt(text);
	}

	private InvalidHandlerException invalid(String name, String text, IllegalArgumentException cause) {
		return new InvalidHandlerException(this.source,
				"%s = \"%s\" cannot be read: %s".formatted(name, text, cause.getMessage()),
				"Correct the attribute or the property behind it", cause);
	}

}
