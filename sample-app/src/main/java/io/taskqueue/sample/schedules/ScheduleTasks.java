package io.taskqueue.sample.schedules;

import io.taskqueue.TaskContext;
import io.taskqueue.annotation.CronTask;
import io.taskqueue.annotation.TaskHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * What runs periodically.
 */
@Component
class ScheduleTasks {

	private static final Logger logger = LoggerFactory.getLogger(ScheduleTasks.class);

	@CronTask(expr = "0 0 9 * * MON-FRI", uuid = "report.daily", zone = "Europe/Berlin", retry = "3", timeout = "60s")
	void report(TaskContext task) {
		logger.info("Report {}", task.id());
	}

	/** Its schedule is in application.yml, under task-queue.cron.tasks. */
	@TaskHandler(type = "heartbeat", timeout = "10s")
	void heartbeat(String text) {
		logger.info("Heartbeat: {}", text);
	}

	@TaskHandler(type = "remind", timeout = "10s")
	void remind(Reminder reminder) {
		logger.info("Reminder for {}: {}", reminder.to(), reminder.text());
	}

}
