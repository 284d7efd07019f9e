package io.taskqueue.sample.emails;

import java.util.UUID;

import io.taskqueue.client.TaskTemplate;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Sends emails in the background.
 */
@RestController
@RequestMapping("/emails")
class EmailController {

	private final Deliveries deliveries;

	private final TaskTemplate tasks;

	EmailController(Deliveries deliveries, TaskTemplate tasks) {
		this.deliveries = deliveries;
		this.tasks = tasks;
	}

	@PostMapping
	@ResponseStatus(HttpStatus.ACCEPTED)
	Accepted send(@RequestBody Email email) {
		String taskId = UUID.randomUUID().toString();
		this.deliveries.add(new Delivery(taskId, email.to(), Delivery.State.QUEUED, 0, null));
		this.tasks.once("email.send").uuid(taskId).payload(email).enqueue();
		return new Accepted(taskId);
	}

	@GetMapping("/{taskId}")
	Delivery delivery(@PathVariable String taskId) {
		return this.deliveries.find(taskId)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "No email with task " + taskId));
	}

	record Accepted(String taskId) {
	}

}
