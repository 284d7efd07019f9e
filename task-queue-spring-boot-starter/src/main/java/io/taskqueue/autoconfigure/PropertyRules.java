package io.taskqueue.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * What values must look like. A violation is found when the properties are bound, and
 * names the property.
 */
final class PropertyRules {

	/**
	 * What the client accepts; found here already, so that the application does not
	 * start.
	 */
	private static final String QUEUE = "[A-Za-z0-9._:-]+";

	private static final Duration LONGEST = Duration.ofDays(36_500);

	private PropertyRules() {
	}

	/**
	 * Requires a condition of a value.
	 * @param property the property's name without the prefix
	 * @param rule what to say of a value that breaks it
	 */
	static void require(boolean condition, String property, @Nullable Object value, String rule) {
		if (!condition) {
			throw new InvalidConfigurationPropertyValueException("task-queue." + property, value, rule);
		}
	}

	static void requireQueue(String property, String queue) {
		require(queue.matches(QUEUE), property, queue, "may hold letters, digits and . _ : - only");
	}

	static void requirePositive(String property, Duration value) {
		require(value.toMillis() > 0 && value.compareTo(LONGEST) <= 0, property, value,
				"must be at least a millisecond and at most 36500 days");
	}

	static void requireNotNegative(String property, Duration value) {
		require(!value.isNegative() && value.compareTo(LONGEST) <= 0, property, value,
				"must not be negative, and at most 36500 days");
	}

	static void requireAtLeastASecond(String property, Duration value) {
		require(value.toSeconds() >= 1 && value.compareTo(LONGEST) <= 0, property, value,
				"must be at least a second and at most 36500 days");
	}

}
