package io.taskqueue.autoconfigure;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.embeddedredis.EmbeddedRedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What an application is told when Redis is not there, or not for it.
 */
@Timeout(60)
class RedisFailureTest {

	@ParameterizedTest
	@ValueSource(strings = { "jedis", "lettuce" })
	void notThereAtStart(String driver) {
		RedisContexts.withoutRedis()
			.withPropertyValues("spring.data.redis.client-type=" + driver, "spring.data.redis.host=127.0.0.1",
					"spring.data.redis.port=1")
			.run((context) -> {
				assertThat(context).getFailure().hasStackTraceContaining(TaskQueueUnavailableException.class.getName());
				FailureAnalysis analysis = new RedisUnavailableFailureAnalyzer().analyze(context.getStartupFailure());
				assertThat(analysis.getDescription()).startsWith("Redis at 127.0.0.1:1 cannot be reached: ");
				assertThat(analysis.getAction()).contains("task-queue-embedded-redis", "spring.data.redis.host",
						"docker run");
			});
	}

	@Test
	void passwordMissingAtStart() {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start("requirepass secret")) {
			RedisContexts.withoutRedis()
				.withPropertyValues("spring.data.redis.host=" + server.host(),
						"spring.data.redis.port=" + server.port())
				.run((context) -> {
					assertThat(context).getFailure().hasStackTraceContaining(TaskQueueRefusedException.class.getName());
					FailureAnalysis analysis = new RedisRefusedFailureAnalyzer().analyze(context.getStartupFailure());
					assertThat(analysis.getDescription()).startsWith("Redis at 127.0.0.1:" + server.port())
						.contains("it needs a password");
					assertThat(analysis.getAction()).contains("spring.data.redis.password");
				});
		}
	}

	@Test
	void goneWhenATaskIsEnqueuedAndBackAgain() {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start("appendonly yes")) {
			RedisContexts.withoutRedis()
				.withBean(Received.class)
				.withBean(Handlers.class)
				.withPropertyValues("spring.data.redis.host=" + server.host(),
						"spring.data.redis.port=" + server.port())
				.run((context) -> {
					TaskTemplate template = context.getBean(TaskTemplate.class);
					server.kill();
					assertThatExceptionOfType(TaskQueueUnavailableException.class)
						.isThrownBy(() -> template.enqueue("job"))
						.withMessageContaining("Redis did not confirm");
					server.restart();
					template.enqueue("job");
					assertThat(context.getBean(Received.class).next()).isEqualTo("job");
				});
		}
	}

	static class Handlers {

		private final Received received;

		Handlers(Received received) {
			this.received = received;
		}

		@TaskHandler("job")
		void job() {
			this.received.add("job");
		}

	}

}
