package io.taskqueue.sample.emails;

import io.taskqueue.TaskContext;
import io.taskqueue.annotation.TaskHandler;

import org.springframework.stereotype.Component;

@Component
class EmailTasks {

	private final Deliveries deliveries;

	EmailTasks(Deliveries deliveries) {
		this.deliveries = deliveries;
	}

	@TaskHandler(type = "email.send", retry = "5", timeout = "10s", backoff = "30s", retention = "10m")
	String send(Email email, TaskContext task) {
		int attempt = task.retried() + 1;
		if (attempt <= email.failures()) {
			String error = "The mail server is busy (attempt " + attempt + ")";
			boolean last = task.retried() == task.maxRetry();
			this.deliveries.update(task.id(), (delivery) -> delivery.failed(attempt, last, error));
			throw new IllegalStateException(error);
		}
		this.deliveries.update(task.id(), (delivery) -> delivery.sent(attempt));
		return "sent to " + email.to();
	}

}
