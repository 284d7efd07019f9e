package io.taskqueue.sample.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.stereotype.Repository;

/**
 * The users, in memory. One is known: bob, whose password is secret.
 */
@Repository
class Users {

	private final Map<String, String> passwords = Map.of("bob", "secret");

	private final Map<String, User> users = new ConcurrentHashMap<>();

	private final Map<String, Integer> wrongPasswords = new ConcurrentHashMap<>();

	User find(String name) {
		return this.users.getOrDefault(name, new User(name, 0, false));
	}

	/** Takes as long for a good guess as for a bad one. Store hashes in real life. */
	boolean isPassword(String name, String password) {
		String right = this.passwords.getOrDefault(name, "");
		return MessageDigest.isEqual(right.getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8));
	}

	int countWrongPassword(String name) {
		return this.wrongPasswords.merge(name, 1, Integer::sum);
	}

	void saveFailedLogins(String name, int count) {
		this.users.compute(name,
				(same, user) -> ((user != null) ? user : new User(name, 0, false)).withFailedLogins(count));
	}

}
