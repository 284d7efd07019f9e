package io.taskqueue.sample.emails;

import org.springframework.util.StringUtils;

/**
 * An email, and the payload of {@code email.send}.
 *
 * @param to the address
 * @param subject the subject
 * @param failures how many attempts to send it fail
 */
record Email(String to, String subject, int failures) {

	private static final int MOST = 10;

	Email {
		if (!StringUtils.hasText(to) || !to.contains("@")) {
			throw new IllegalArgumentException("to must be an email address");
		}
		if (!StringUtils.hasText(subject)) {
			throw new IllegalArgumentException("subject must not be blank");
		}
		if (failures < 0 || failures > MOST) {
			throw new IllegalArgumentException("failures must lie between 0 and " + MOST);
		}
	}

}
