package io.taskqueue.observation;

import java.time.Duration;
import java.util.List;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.exporter.FinishedSpan;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.annotation.CronTask;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.autoconfigure.Received;
import io.taskqueue.autoconfigure.RedisContexts;
import io.taskqueue.client.TaskTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Traces go on from the enqueue to the handler, over processes and languages.
 */
@Timeout(60)
class TracePropagationTest {

	private static final String FOREIGN_TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String FOREIGN_SPAN = "b7ad6b7169203331";

	private final Tracing tracing = new Tracing();

	@Test
	void handlersAreChildrenOfTheEnqueue() {
		runner(this.tracing).withBean(Handlers.class).run((context) -> {
			Observation caller = Observation.start("caller", this.tracing.registry());
			caller.scoped(() -> context.getBean(TaskTemplate.class).enqueue("work", "x"));
			caller.stop();
			context.getBean(Received.class).next();
			FinishedSpan process = span(this.tracing, "process work");
			FinishedSpan enqueue = span(this.tracing, "enqueue work");
			FinishedSpan call = span(this.tracing, "caller");
			assertThat(process.getParentId()).isEqualTo(enqueue.getSpanId());
			assertThat(enqueue.getParentId()).isEqualTo(call.getSpanId());
			assertThat(process.getTraceId()).isEqualTo(call.getTraceId());
			assertThat(enqueue.getKind()).hasToString("PRODUCER");
			assertThat(process.getKind()).hasToString("CONSUMER");
			// What the handler observed itself
			assertThat(span(this.tracing, "inner").getParentId()).isEqualTo(process.getSpanId());
		});
	}

	@Test
	void goesOnInAnotherProcess() {
		Tracing worker = new Tracing();
		runner(worker).withBean(Handlers.class)
			.run((two) -> runner(this.tracing)
				.withPropertyValues("task-queue.worker.enabled=false",
						"task-queue.default-queue=" + two.getEnvironment().getProperty("task-queue.default-queue"))
				.run((one) -> {
					one.getBean(TaskTemplate.class).enqueue("work", "x");
					two.getBean(Received.class).next();
					FinishedSpan process = span(worker, "process work");
					FinishedSpan enqueue = span(this.tracing, "enqueue work");
					assertThat(process.getParentId()).isEqualTo(enqueue.getSpanId());
					assertThat(process.getTraceId()).isEqualTo(enqueue.getTraceId());
					assertThat(this.tracing.named("process")).isEmpty();
					assertThat(worker.named("enqueue")).isEmpty();
				}));
	}

	@Test
	void takesTheContextThatGoOrAnybodyElsePutIntoTheHeaders() {
		RedisContexts.runner().withPropertyValues("task-queue.worker.enabled=false").run((go) -> {
			TaskTemplate untraced = go.getBean(TaskTemplate.class);
			untraced.enqueue(TaskRequest.of("work", "x")
				.with((options) -> options.withHeader("traceparent",
						"00-" + FOREIGN_TRACE + '-' + FOREIGN_SPAN + "-01")));
			runner(this.tracing).withBean(Handlers.class)
				.withPropertyValues(
						"task-queue.default-queue=" + go.getEnvironment().getProperty("task-queue.default-queue"))
				.run((context) -> {
					FinishedSpan process = span(this.tracing, "process work");
					assertThat(process.getTraceId()).isEqualTo(FOREIGN_TRACE);
					assertThat(process.getParentId()).isEqualTo(FOREIGN_SPAN);
				});
		});
	}

	@Test
	void allTasksOfABulkCallAreItsChildren() {
		runner(this.tracing).withBean(Handlers.class).run((context) -> {
			List<TaskRequest> requests = List.of(TaskRequest.of("work", "a"), TaskRequest.of("work", "b"));
			context.getBean(TaskTemplate.class).enqueueAll(requests);
			await().until(() -> this.tracing.named("process work").size() == 2);
			FinishedSpan enqueue = span(this.tracing, "enqueue work");
			assertThat(this.tracing.named("enqueue")).hasSize(1);
			assertThat(enqueue.getTags()).containsEntry("messaging.batch.message_count", "2")
				.doesNotContainKey("messaging.message.id");
			assertThat(this.tracing.named("process work"))
				.allSatisfy((process) -> assertThat(process.getParentId()).isEqualTo(enqueue.getSpanId()));
		});
	}

	@Test
	void theCallersContextReplacesACopiedOne() {
		runner(this.tracing).withBean(Handlers.class).run((context) -> {
			TaskOptions copied = TaskOptions.unset()
				.withHeader("traceparent", "00-" + FOREIGN_TRACE + '-' + FOREIGN_SPAN + "-01")
				.withHeader("tenant", "acme");
			TaskTemplate template = context.getBean(TaskTemplate.class);
			assertThat(template.enqueue(new TaskRequest("work", "x", copied)).headers()).containsEntry("tenant",
					"acme");
			assertThat(span(this.tracing, "process work").getParentId())
				.isEqualTo(span(this.tracing, "enqueue work").getSpanId());
		});
	}

	@Test
	void occurrencesAreChildrenOfTheirTick() {
		runner(this.tracing).withBean(Jobs.class)
			.withPropertyValues("task-queue.namespace=trace-" + System.nanoTime(), "task-queue.scheduler.lease=1s")
			.run((context) -> {
				context.getBean(Received.class).next();
				FinishedSpan process = span(this.tracing, "process tick");
				FinishedSpan fire = this.tracing.named("fire tick")
					.stream()
					.filter((span) -> span.getSpanId().equals(process.getParentId()))
					.findFirst()
					.orElseThrow();
				assertThat(fire.getTraceId()).isEqualTo(process.getTraceId());
				assertThat(fire.getTags()).containsEntry("task.outcome", "fired")
					.containsEntry("task.cron.uuid", "tick");
			});
	}

	private static FinishedSpan span(Tracing tracing, String prefix) {
		await().atMost(Duration.ofSeconds(10)).until(() -> !tracing.named(prefix).isEmpty());
		return tracing.named(prefix).get(0);
	}

	static ApplicationContextRunner runner(Tracing tracing) {
		return RedisContexts.runner()
			.withConfiguration(AutoConfigurations.of(TaskQueueObservationAutoConfiguration.class))
			.withBean(ObservationRegistry.class, tracing::registry)
			.withBean(Received.class);
	}

	static class Handlers {

		private final Received received;

		private final ObservationRegistry registry;

		Handlers(Received received, ObservationRegistry registry) {
			this.received = received;
			this.registry = registry;
		}

		@TaskHandler("work")
		void work(TaskContext task) {
			Observation.createNotStarted("inner", this.registry).observe(() -> this.received.add(task.headers()));
		}

	}

	static class Jobs {

		private final Received received;

		Jobs(Received received) {
			this.received = received;
		}

		@CronTask(expr = "* * * * * *", uuid = "tick")
		void tick() {
			this.received.add("tick");
		}

	}

}
