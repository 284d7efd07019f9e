package io.taskqueue.observation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.taskqueue.RetryLaterException;
import io.taskqueue.RevokeTaskException;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskInterceptor;
import io.taskqueue.TaskRequest;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.autoconfigure.Received;
import io.taskqueue.autoconfigure.RedisContexts;
import io.taskqueue.client.TaskTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.MDC;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Names, keys and outcomes of what is observed.
 */
@Timeout(60)
class TaskQueueObservationTest {

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final ApplicationContextRunner runner = RedisContexts.runner()
		.withConfiguration(AutoConfigurations.of(TaskQueueObservationAutoConfiguration.class))
		.withBean(Received.class);

	private final ApplicationContextRunner observed = this.runner
		.withBean(ObservationRegistry.class, () -> this.registry)
		.withBean(Handlers.class);

	@Test
	void hasTheDocumentedNamesAndKeys() {
		this.observed.run((context) -> {
			String queue = context.getEnvironment().getProperty("task-queue.default-queue");
			context.getBean(TaskTemplate.class).once("works").uuid("one").enqueue();
			Observation.ContextView enqueue = stopped("task.enqueue");
			Observation.ContextView process = stopped("task.process");
			assertThat(enqueue.getContextualName()).isEqualTo("enqueue works");
			assertThat(keys(enqueue.getLowCardinalityKeyValues())).containsExactlyInAnyOrderEntriesOf(Map.of(
					"messaging.system", "asynq", "messaging.operation.type", "send", "messaging.operation.name",
					"enqueue", "messaging.destination.name", queue, "task.type", "works", "task.outcome", "created"));
			assertThat(keys(enqueue.getHighCardinalityKeyValues())).isEqualTo(Map.of("messaging.message.id", "one"));
			assertThat(process.getContextualName()).isEqualTo("process works");
			assertThat(keys(process.getLowCardinalityKeyValues())).containsExactlyInAnyOrderEntriesOf(Map.of(
					"messaging.system", "asynq", "messaging.operation.type", "process", "messaging.operation.name",
					"process", "messaging.destination.name", queue, "task.type", "works", "task.outcome", "completed"));
			assertThat(keys(process.getHighCardinalityKeyValues()))
				.isEqualTo(Map.of("messaging.message.id", "one", "task.attempt", "1"));
			assertDocumented(TaskQueueObservation.ENQUEUE, enqueue);
			assertDocumented(TaskQueueObservation.PROCESS, process);
			TestObservationRegistryAssert.assertThat(this.registry).doesNotHaveAnyRemainingCurrentObservation();
		});
	}

	@ParameterizedTest
	@CsvSource({ "works, completed, false", "fails, failed, true", "revokes, revoked, false",
			"later, retry_later, false" })
	void tellsHowTheHandlerEnded(String type, String outcome, boolean error) {
		this.observed.run((context) -> {
			context.getBean(TaskTemplate.class).enqueue(type);
			Observation.ContextView process = stopped("task.process");
			assertThat(keys(process.getLowCardinalityKeyValues())).containsEntry("task.outcome", outcome);
			assertThat(process.getError() != null).isEqualTo(error);
		});
	}

	@Test
	void aConflictIsAnOutcomeAndNoError() {
		this.observed.withPropertyValues("task-queue.worker.enabled=false").run((context) -> {
			TaskTemplate template = context.getBean(TaskTemplate.class);
			template.once("works").uuid("one").enqueue();
			this.registry.clear();
			assertThatExceptionOfType(TaskConflictException.class)
				.isThrownBy(() -> template.once("works").uuid("one").enqueue());
			assertThat(keys(stopped("task.enqueue").getLowCardinalityKeyValues())).containsEntry("task.outcome",
					"conflict");
			assertThat(stopped("task.enqueue").getError()).isNull();
			this.registry.clear();
			template.enqueueAll(List.of(TaskRequest.of("works", 1), TaskRequest.of(" ", 1)));
			assertThat(keys(stopped("task.enqueue").getLowCardinalityKeyValues()))
				.containsEntry("task.outcome", "mixed")
				.containsEntry("task.type", "mixed");
			assertThat(stopped("task.enqueue").getError()).hasMessageContaining("type must not be blank");
		});
	}

	@Test
	void aConventionOfTheApplicationWins() {
		this.observed
			.withBean(TaskProcessObservationConvention.class, () -> new DefaultTaskProcessObservationConvention() {

				@Override
				public KeyValues getLowCardinalityKeyValues(TaskProcessContext context) {
					return super.getLowCardinalityKeyValues(context).and("tenant", "acme");
				}

			})
			.run((context) -> {
				context.getBean(TaskTemplate.class).enqueue("works");
				assertThat(keys(stopped("task.process").getLowCardinalityKeyValues())).containsEntry("tenant", "acme");
			});
	}

	@Test
	void interceptorsAndHandlersAreInItsScope() {
		this.observed.withBean(Scopes.class, () -> new Scopes(this.registry)).run((context) -> {
			context.getBean(TaskTemplate.class).enqueue("works");
			stopped("task.process");
			assertThat(context.getBean(Scopes.class).seen).containsExactly("task.process");
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void handlersOnVirtualThreadsAreInItsScope() {
		this.observed.withPropertyValues("spring.threads.virtual.enabled=true")
			.withBean(Scopes.class, () -> new Scopes(this.registry))
			.run((context) -> {
				context.getBean(TaskTemplate.class).enqueue("works");
				stopped("task.process");
				assertThat(context.getBean(Scopes.class).seen).containsExactly("task.process");
			});
	}

	@Test
	void theLoggingContextHoldsTheTaskWhileItsHandlerRuns() {
		this.runner.withBean(LoggingHandler.class).run((context) -> {
			context.getBean(TaskTemplate.class).once("logs").uuid("one").enqueue();
			assertThat(context.getBean(Received.class).next()).isEqualTo(Arrays.asList("one", "logs",
					context.getEnvironment().getProperty("task-queue.default-queue"), "1"));
		});
	}

	@Test
	void theLoggingContextIsLeftAsItWas() throws Exception {
		MDC.put(LoggingContext.TASK_ID, "outer");
		try {
			new LoggingContext().around(new SomeTask(), () -> {
				assertThat(MDC.get(LoggingContext.TASK_ID)).isEqualTo("id");
				return null;
			});
			assertThat(MDC.get(LoggingContext.TASK_ID)).isEqualTo("outer");
			assertThat(MDC.get(LoggingContext.QUEUE)).isNull();
		}
		finally {
			MDC.remove(LoggingContext.TASK_ID);
		}
	}

	@Test
	void theLoggingContextCanBeTurnedOff() {
		this.runner.withBean(LoggingHandler.class)
			.withPropertyValues("task-queue.management.mdc=false")
			.run((context) -> {
				context.getBean(TaskTemplate.class).enqueue("logs");
				assertThat(context.getBean(Received.class).next()).isEqualTo(Arrays.asList(null, null, null, null));
			});
	}

	@Test
	void worksWithoutMicrometer() {
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.withBean(LoggingHandler.class)
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(ProcessObservations.class);
				context.getBean(TaskTemplate.class).enqueue("logs");
				assertThat(context.getBean(Received.class).next()).isNotNull();
			});
	}

	@Test
	void observesNothingWithARegistryThatDoesNot() {
		this.runner.withBean(ObservationRegistry.class, () -> ObservationRegistry.NOOP)
			.withBean(LoggingHandler.class)
			.run((context) -> {
				assertThat(context.getBean(TaskTemplate.class).enqueue("logs").headers()).isEmpty();
				assertThat(context.getBean(Received.class).next()).isNotNull();
			});
	}

	private Observation.ContextView stopped(String name) {
		List<Observation.ContextView> found = new ArrayList<>();
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			found.clear();
			TestObservationRegistryAssert.assertThat(this.registry)
				.hasObservationWithNameEqualTo(name)
				.that()
				.hasBeenStopped()
				.satisfies(found::add);
		});
		return found.get(0);
	}

	private static Map<String, String> keys(KeyValues values) {
		return values.stream().collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
	}

	private static void assertDocumented(TaskQueueObservation documentation, Observation.ContextView context) {
		assertThat(Stream.of(documentation.getLowCardinalityKeyNames()).map(KeyName::asString))
			.containsExactlyInAnyOrderElementsOf(keys(context.getLowCardinalityKeyValues()).keySet());
		assertThat(Stream.of(documentation.getHighCardinalityKeyNames()).map(KeyName::asString))
			.containsAll(keys(context.getHighCardinalityKeyValues()).keySet());
	}

	static class Handlers {

		@TaskHandler("works")
		void works() {
		}

		@TaskHandler("fails")
		void fails() {
			throw new IllegalStateException("on purpose");
		}

		@TaskHandler("revokes")
		void revokes() {
			throw new RevokeTaskException("not needed");
		}

		@TaskHandler("later")
		void later() {
			throw new RetryLaterException(Duration.ofMinutes(1));
		}

	}

	static class LoggingHandler {

		private final Received received;

		LoggingHandler(Received received) {
			this.received = received;
		}

		@TaskHandler("logs")
		void logs() {
			this.received.add(LoggingContext.KEYS.stream().map(MDC::get).toList());
		}

	}

	@Order(1)
	static class Scopes implements TaskInterceptor {

		private final ObservationRegistry registry;

		private final List<String> seen = new ArrayList<>();

		Scopes(ObservationRegistry registry) {
			this.registry = registry;
		}

		@Override
		public Object around(TaskContext task, Invocation next) throws Exception {
			Observation current = this.registry.getCurrentObservation();
			this.seen.add((current != null) ? current.getContext().getName() : "none");
			return next.proceed();
		}

	}

}
