package io.taskqueue.sample.login;

import java.time.Duration;
import java.time.Instant;

import io.taskqueue.client.TaskTemplate;

import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Logs users in. Wrong passwords are counted here and worked off by a task, so that a
 * flood of guesses costs the database one update at a time.
 */
@RestController
class LoginController {

	private final Users users;

	private final TaskTemplate tasks;

	LoginController(Users users, TaskTemplate tasks) {
		this.users = users;
		this.tasks = tasks;
	}

	/**
	 * Answers 200, or 401 for a wrong password and to a locked user. A name that nobody
	 * has is treated like any other, so that guessing names tells nothing.
	 */
	@PostMapping("/login")
	Welcome login(@RequestBody Login login) {
		String name = login.username();
		if (!this.users.isPassword(name, login.password())) {
			enqueueFailure(name, this.users.countWrongPassword(name));
			throw refused("Wrong user name or password");
		}
		if (this.users.find(name).locked()) {
			throw refused(name + " is locked");
		}
		return new Welcome("Welcome, " + name);
	}

	@GetMapping("/users/{name}")
	User user(@PathVariable String name) {
		return this.users.find(name);
	}

	/** A waiting task of the same user is replaced: only the newest count matters. */
	private void enqueueFailure(String username, int wrong) {
		this.tasks.once("login.failed")
			.uuid("login.failed." + username)
			.replace()
			.timeout(Duration.ofSeconds(10))
			.payload(new LoginFailed(username, wrong, Instant.now()))
			.enqueue();
	}

	private static ResponseStatusException refused(String reason) {
		return new ResponseStatusException(HttpStatus.UNAUTHORIZED, reason);
	}

	record Login(String username, String password) {

		Login {
			if (!StringUtils.hasText(username)) {
				throw new IllegalArgumentException("username must not be blank");
			}
			if (!StringUtils.hasLength(password)) {
				throw new IllegalArgumentException("password must not be empty");
			}
		}

	}

	record Welcome(String message) {
	}

}
