package io.taskqueue.sample.emails;

import io.taskqueue.TaskContext;
import io.taskqueue.annotation.TaskHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

@Component
class EmailTasks {

	private static final Logger logger = LoggerFactory.getLogger(EmailTasks.class);

	private final Deliveries deliveries;

	EmailTasks(Deliveries deliveries) {
		this.deliveries = deliveries;
	}

	@TaskHandler(type = "email.send", retry = "5", timeout = "10s", backoff = "30s", retention = "10m")
	void send(Email email, TaskContext task) {
		int attempt = task.retried() + 1;
		if (attempt <= email.failures()) {
			String error = "The mail server is busy (attempt " + attempt + ")";
			boolean last = task.retried() == task.maxRetry();
			this.deliveries.update(task.id(), (delivery) -> delivery.failed(attempt, last, error));
			throw new IllegalStateException(error);
		}
		this.deliveries.update(task.id(), (delivery) -> delivery.sent(attempt));
		logger.info("Sent '{}' to {} at attempt {}", email.subject(), email.to(), attempt);
	}

}
