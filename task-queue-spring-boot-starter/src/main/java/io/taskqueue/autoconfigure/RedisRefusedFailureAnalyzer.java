package io.taskqueue.autoconfigure;

import io.taskqueue.TaskQueueRefusedException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that Redis is there but will not serve, and what to check.
 */
final class RedisRefusedFailureAnalyzer extends AbstractFailureAnalyzer<TaskQueueRefusedException> {

	private static final String ACTION = """
			Check, in the order of likelihood:

			    - user and password: spring.data.redis.username, spring.data.redis.password, or those in \
			spring.data.redis.url;
			    - the permissions of that user (ACL LIST): scripts, and the keys asynq:* and taskqueue:*;
			    - the version: Redis 6.2 or newer, or Valkey.

			Task queues may use another Redis than the application: mark its RedisConnectionFactory bean with \
			@TaskQueueConnectionFactory.""";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TaskQueueRefusedException cause) {
		return new FailureAnalysis("%s.".formatted(cause.getMessage()), (cause.fix() != null) ? cause.fix() : ACTION,
				cause);
	}

}
