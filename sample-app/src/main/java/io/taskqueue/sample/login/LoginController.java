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
	 * Answers 200, 401 for a wrong name or password, and 423 to a locked user whatever
	 * the password is, so that guessing on tells nothing.
	 */
	@PostMapping("/login")
	Welcome login(@RequestBody Login login) {
		User user = this.users.find(login.username()).orElseThrow(LoginController::refused);
		if (user.locked()) {
			throw new ResponseStatusException(HttpStatus.LOCKED, user.name() + " is locked");
		}
		if (!this.users.isPassword(user.name(), login.password())) {
			enqueueFailure(user.name(), this.users.countWrongPassword(user.name()));
			throw refused();
		}
		return new Welcome("Welcome, " + user.name());
	}

	@GetMapping("/users/{name}")
	User user(@PathVariable String name) {
		return this.users.find(name)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "No user " + name));
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

	private static ResponseStatusException refused() {
		return new ResponseStatusException(HttpStatus.UNAUTHORIZED, "Wrong user name or password");
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
