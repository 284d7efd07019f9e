package io.taskqueue.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.taskqueue.FailurePredicate;
import io.taskqueue.RetryDelay;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.runtime.TaskQueueOptions;
import io.taskqueue.worker.WorkerOptions;
import io.taskqueue.worker.WorkerOptions.OnCancel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class TaskQueuePropertiesTest {

	private static final FailurePredicate ALL = (error) -> true;

	private static final RetryDelay DELAY = RetryDelay.standard();

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void defaults() {
		TaskQueueProperties properties = bind();
		assertThat(properties.redis().healthInterval()).isEqualTo(Duration.ofSeconds(15));
		assertThat(properties.enabled()).isTrue();
		assertThat(properties.worker().enabled()).isTrue();
		assertThat(properties.handlers()).isEmpty();
		assertThat(properties.worker().backoff()).isEqualTo(new BackoffProperties(BackoffProperties.Type.EXPONENTIAL,
				Duration.ofSeconds(10), 2, Duration.ofHours(1), 0.2));
		assertThat(EngineOptions.connection(properties, this.environment))
			.isEqualTo(TaskQueueOptions.standard("default"));
		assertThat(EngineOptions.client(properties)).isEqualTo(ClientOptions.DEFAULTS);
		assertThat(EngineOptions.worker(properties, DELAY, ALL))
			.isEqualTo(WorkerOptions.standard().withRetryDelay(DELAY).withFailurePredicate(ALL));
	}

	@Test
	void everythingSet() {
		set("enabled=false", "namespace=shop", "default-queue=low", "defaults.retry=1", "defaults.timeout=2s",
				"defaults.retention=3s", "client.timeout=4s", "client.max-payload=5KB", "client.max-headers=6B",
				"redis.connections=7", "redis.connect-timeout=8s", "redis.command-timeout=9s", "archive.size=10",
				"archive.age=11d", "worker.enabled=false", "worker.queues.critical=12", "worker.queues.low=13",
				"worker.strict=true", "worker.concurrency=14", "worker.shutdown-timeout=15s",
				"worker.interrupt-grace=16s", "worker.on-cancel=retry", "worker.backoff.type=fixed",
				"worker.backoff.initial=17s", "worker.backoff.multiplier=1.8", "worker.backoff.max=19s",
				"worker.backoff.jitter=0.3", "handlers[login.failed].queue=critical", "handlers[login.failed].retry=20",
				"handlers[login.failed].timeout=21s", "handlers[login.failed].retention=22s",
				"handlers[login.failed].backoff=23s", "handlers[login.failed].concurrency=24",
				"handlers[login.failed].total-concurrency=25", "redis.health-interval=26s",
				"handlers[login.failed].executor=reports",
				"handlers[login.failed].no-retry-for=java.io.IOException,java.lang.IllegalStateException");
		TaskQueueProperties properties = bind();
		assertThat(properties.redis().healthInterval()).isEqualTo(Duration.ofSeconds(26));
		assertThat(properties.enabled()).isFalse();
		assertThat(properties.worker().enabled()).isFalse();
		assertThat(properties.worker().backoff()).isEqualTo(new BackoffProperties(BackoffProperties.Type.FIXED,
				Duration.ofSeconds(17), 1.8, Duration.ofSeconds(19), 0.3));
		assertThat(EngineOptions.connection(properties, this.environment)).isEqualTo(new TaskQueueOptions("shop", 7,
				Duration.ofSeconds(8), Duration.ofSeconds(9), 10, Duration.ofDays(11), Set.of("low")));
		assertThat(EngineOptions.client(properties)).isEqualTo(new ClientOptions(Duration.ofSeconds(4), "low", 1,
				Duration.ofSeconds(2), Duration.ofSeconds(3), 5 * 1024, 6, 64, 1024 * 1024));
		assertThat(EngineOptions.worker(properties, DELAY, ALL)).isEqualTo(WorkerOptions.standard()
			.withQueues(Map.of("critical", 12, "low", 13))
			.withStrict(true)
			.withConcurrency(14)
			.withShutdownTimeout(Duration.ofSeconds(15))
			.withInterruptGrace(Duration.ofSeconds(16))
			.withOnCancel(OnCancel.RETRY)
			.withRetryDelay(DELAY)
			.withFailurePredicate(ALL));
		assertThat(properties.handlers()).containsExactly(Map.entry("login.failed",
				new HandlerProperties("critical", 20, Duration.ofSeconds(21), Duration.ofSeconds(22), "23s", 24, 25,
						List.of(IOException.class, IllegalStateException.class), "reports")));
	}

	@Test
	void namespaceIsTheApplicationsName() {
		this.environment.setProperty("spring.application.name", "shop");
		assertThat(EngineOptions.connection(bind(), this.environment).namespace()).isEqualTo("shop");
	}

	@Test
	void theDefaultQueueIsWorkedOnUnlessOthersAreNamed() {
		set("default-queue=mail");
		assertThat(EngineOptions.queues(bind())).containsExactly(Map.entry("mail", 1));
		set("worker.queues.critical=3");
		assertThat(EngineOptions.queues(bind())).containsExactly(Map.entry("critical", 3));
	}

	@Test
	void patternsOfQueuesAreWrittenInBrackets() {
		set("worker.queues[tenant-*]=2");
		assertThat(EngineOptions.queues(bind())).containsExactly(Map.entry("tenant-*", 2));
	}

	@Test
	void backoffTypes() {
		set("worker.backoff.initial=4s", "worker.backoff.jitter=0");
		assertThat(secondWait()).isEqualTo(Duration.ofSeconds(8));
		set("worker.backoff.type=fixed");
		assertThat(secondWait()).isEqualTo(Duration.ofSeconds(4));
		set("worker.backoff.type=asynq");
		assertThat(secondWait()).isBetween(Duration.ofSeconds(16), Duration.ofSeconds(74));
	}

	@SuppressWarnings("NullAway")
	private Duration secondWait() {
		return bind().worker().backoff().toRetryDelay().after(1, new IllegalStateException(), null);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			namespace                   | a{b}     | must not be blank or contain braces
			default-queue               | a b      | may hold letters, digits and . _ : - only
			defaults.retry              | -1       | must not be negative
			defaults.timeout            | 0s       | must be at least a second
			defaults.retention          | -1s      | must not be negative
			client.timeout              | 0s       | must be at least a millisecond
			client.max-payload          | 0B       | must be at least a byte
			client.max-headers          | -1B      | must not be negative
			redis.connections           | 0        | must be at least 1
			redis.connect-timeout       | 0s       | must be at least a millisecond
			redis.command-timeout       | -1s      | must be at least a millisecond
			redis.health-interval       | 0s       | must be at least a millisecond
			archive.size                | 0        | must be at least 1
			archive.age                 | 0d       | must be at least a second
			worker.queues[low]          | 0        | must be at least 1
			worker.concurrency          | 0        | must be at least 1
			worker.shutdown-timeout     | -1s      | must not be negative
			worker.interrupt-grace      | -1s      | must not be negative
			worker.backoff.initial      | 0s       | must be at least a millisecond
			worker.backoff.multiplier   | 0.5      | must be at least 1
			worker.backoff.max          | 1s       | must not be below worker.backoff.initial
			worker.backoff.jitter       | 2        | must lie between 0 and 1
			handlers[a.b].queue         | {        | may hold letters, digits and . _ : - only
			handlers[a.b].retry         | -1       | must not be negative
			handlers[a.b].timeout       | -1s      | must not be negative
			handlers[a.b].retention     | -1s      | must not be negative
			handlers[a.b].backoff       | soon     | is not a back-off such as 10s
			handlers[a.b].concurrency   | -1       | must not be negative
			handlers[a.b].total-concurrency | -1   | must not be negative
			""")
	void refusesNamingTheProperty(String property, String value, String rule) {
		set(property + "=" + value);
		assertThatException().isThrownBy(this::bind)
			.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("Property task-queue." + property + " with value")
				.hasStackTraceContaining(rule));
	}

	private void set(String... pairs) {
		for (String pair : pairs) {
			int equals = pair.indexOf('=');
			this.environment.setProperty("task-queue." + pair.substring(0, equals), pair.substring(equals + 1));
		}
	}

	private TaskQueueProperties bind() {
		return Binder.get(this.environment).bindOrCreate("task-queue", TaskQueueProperties.class);
	}

}
