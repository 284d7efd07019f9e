package io.taskqueue.handler;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * What a task type and its prefixes stand for: a pattern is a type, or a prefix of types
 * that ends before or after a {@code :}, {@code .} or {@code /}.
 */
public final class TypePatterns {

	private TypePatterns() {
	}

	/**
	 * Returns what is known for the type itself, or else for the longest pattern of it.
	 * @param type the type
	 * @param known gives what is known for a pattern, {@code null} for nothing
	 * @return {@code null} if nothing is known for any
	 */
	public static <T> @Nullable T closest(String type, Function<String, @Nullable T> known) {
		for (int end = type.length(); end > 0; end--) {
			if (isEndOfPart(type, end)) {
				T found = known.apply(type.substring(0, end));
				if (found != null) {
					return found;
				}
			}
		}
		return null;
	}

	private static boolean isEndOfPart(String type, int end) {
		return end == type.length() || isBoundary(type.charAt(end)) || isBoundary(type.charAt(end - 1));
	}

	private static boolean isBoundary(char character) {
		return character == ':' || character == '.' || character == '/';
	}

}
