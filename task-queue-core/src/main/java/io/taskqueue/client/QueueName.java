package io.taskqueue.client;

import org.jspecify.annotations.Nullable;

/**
 * Which queue names we create: those that every tool of asynq can show, and that cannot
 * break the hash tag in the keys.
 */
final class QueueName {

	static final String PATTERN = "[A-Za-z0-9._:-]+";

	private QueueName() {
	}

	static boolean isValid(@Nullable String name) {
		if (name == null || name.isEmpty()) {
			return false;
		}
		for (int index = 0; index < name.length(); index++) {
			if (!isAllowed(name.charAt(index))) {
				return false;
			}
		}
		return true;
	}

	private static boolean isAllowed(char character) {
		return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
				|| (character >= '0' && character <= '9') || "._:-".indexOf(character) >= 0;
	}

}
