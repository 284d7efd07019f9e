package io.taskqueue.sample.login;

import io.taskqueue.annotation.TaskHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

@Component
class LoginTasks {

	private static final Logger logger = LoggerFactory.getLogger(LoginTasks.class);

	private final Users users;

	LoginTasks(Users users) {
		this.users = users;
	}

	@TaskHandler(type = "login.failed", queue = "critical")
	void onFailure(LoginFailed login) {
		this.users.saveFailedLogins(login.username(), login.wrong());
		logger.info("{} wrong passwords for {}", login.wrong(), login.username());
	}

}
