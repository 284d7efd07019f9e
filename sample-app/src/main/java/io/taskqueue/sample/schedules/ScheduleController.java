package io.taskqueue.sample.schedules;

import java.net.URI;
import java.util.List;
import java.util.UUID;

import io.taskqueue.cron.CronTaskDefinition;
import io.taskqueue.cron.CronTaskInfo;
import io.taskqueue.cron.CronTaskRegistry;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Registers reminders at run time, and shows everything that is scheduled.
 */
@RestController
class ScheduleController {

	private static final String PREFIX = "reminder.";

	private final CronTaskRegistry cronTasks;

	ScheduleController(CronTaskRegistry cronTasks) {
		this.cronTasks = cronTasks;
	}

	@PostMapping("/reminders")
	ResponseEntity<CronTaskInfo> remind(@RequestBody NewReminder request) {
		String uuid = PREFIX + UUID.randomUUID();
		CronTaskInfo task = this.cronTasks.register(CronTaskDefinition.of(uuid, "remind", request.expr())
			.withPayload(new Reminder(request.to(), request.text()))
			.withRetry(3));
		return ResponseEntity.created(URI.create("/reminders/" + uuid)).body(task);
	}

	@DeleteMapping("/reminders/{uuid}")
	ResponseEntity<Void> forget(@PathVariable String uuid) {
		if (!uuid.startsWith(PREFIX) || !this.cronTasks.remove(uuid)) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "No reminder " + uuid);
		}
		return ResponseEntity.noContent().build();
	}

	@GetMapping("/schedules")
	List<CronTaskInfo> schedules() {
		return this.cronTasks.list();
	}

	record NewReminder(String to, String text, String expr) {

		NewReminder {
			if (!StringUtils.hasText(to) || !StringUtils.hasText(text) || !StringUtils.hasText(expr)) {
				throw new IllegalArgumentException("to, text and expr must not be blank");
			}
		}

	}

}
