package io.taskqueue.autoconfigure;

import io.taskqueue.TaskQueueUnavailableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that there is no Redis, and how to get one.
 */
final class RedisUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<TaskQueueUnavailableException> {

	private static final String ACTION = """
			Task queues need a Redis (6.2 or newer, or Valkey). Any of these will do:

			    - for development and tests, add the module io.taskqueue:task-queue-embedded-redis, which starts one \
			with the application if none is configured;
			    - say where yours is with spring.data.redis.host and spring.data.redis.port, or spring.data.redis.url;
			    - start one with "docker run --rm -p 6379:6379 redis", or from a compose.yaml with Spring Boot's \
			spring-boot-docker-compose.

			An application that is to do without for now starts with task-queue.enabled=false.""";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TaskQueueUnavailableException cause) {
		return new FailureAnalysis("%s.".formatted(cause.getMessage()), ACTION, cause);
	}

}
