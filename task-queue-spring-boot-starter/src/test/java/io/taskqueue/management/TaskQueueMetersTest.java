package io.taskqueue.management;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.taskqueue.RevokeTaskException;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.autoconfigure.RedisContexts;
import io.taskqueue.autoconfigure.TaskQueueAutoConfiguration;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.cron.CronScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is metered, and that figures of shared queues are published once.
 */
@Timeout(60)
class TaskQueueMetersTest {

	private final ApplicationContextRunner runner = RedisContexts.runner()
		.withConfiguration(
				AutoConfigurations.of(TaskQueueAutoConfiguration.class, TaskQueueMetricsAutoConfiguration.class))
		.withPropertyValues("task-queue.namespace=meters-" + System.nanoTime(), "task-queue.scheduler.lease=1s",
				"task-queue.management.queue-meters-interval=100ms");

	private final ApplicationContextRunner metered = this.runner.withBean(MeterRegistry.class,
			SimpleMeterRegistry::new);

	@Test
	void countsAttemptsByWhatBecameOfTheTask() {
		this.metered.withBean(Handlers.class).run((context) -> {
			TaskTemplate template = context.getBean(TaskTemplate.class);
			template.enqueue("works");
			template.enqueue("revokes");
			template.enqueue("fails");
			template.enqueue(TaskRequest.of("fails", null).with((options) -> options.withRetry(0)));
			MeterRegistry registry = registry(context);
			for (List<String> expected : List.of(List.of("works", "completed"), List.of("revokes", "revoked"),
					List.of("fails", "retried"), List.of("fails", "archived"))) {
				await().untilAsserted(() -> assertThat(registry.find("task.worker.attempts")
					.tags("type", expected.get(0), "outcome", expected.get(1), "queue", queue(context))
					.timer()).isNotNull().satisfies((timer) -> assertThat(timer.count()).isEqualTo(1)));
			}
			await().untilAsserted(() -> assertThat(registry.get("task.worker.acknowledge.size").summary().totalAmount())
				.isEqualTo(4));
			assertThat(registry.get("task.worker.fetch.size").summary().totalAmount()).isEqualTo(4);
		});
	}

	@Test
	void everyMeterIsAsDocumented() {
		this.metered.withBean(Handlers.class).run((context) -> {
			context.getBean(TaskTemplate.class).enqueue("works");
			TransactionTemplate transaction = new TransactionTemplate(new AnyTransactions());
			for (int i = 0; i < 2; i++) {
				transaction.executeWithoutResult((status) -> context.getBean(TaskTemplate.class)
					.afterCommit()
					.once("later")
					.uuid("taken")
					.in(Duration.ofHours(1))
					.enqueue());
			}
			assertThat(registry(context).get("task.enqueue.after.commit.failed")
				.tags("queue", queue(context), "type", "later", "outcome", "conflict")
				.counter()
				.count()).isEqualTo(1);
			bind(context);
			Set<String> documented = Arrays.stream(TaskQueueMeter.values())
				.map(TaskQueueMeter::getName)
				.collect(Collectors.toCollection(TreeSet::new));
			await().untilAsserted(() -> assertThat(names(context)).isEqualTo(documented));
			for (TaskQueueMeter meter : TaskQueueMeter.values()) {
				Meter found = registry(context).find(meter.getName()).meter();
				assertThat(found.getId().getType()).as(meter.getName()).isEqualTo(meter.getType());
				assertThat(found.getId().getBaseUnit()).as(meter.getName()).isEqualTo(meter.getBaseUnit());
				assertThat(found.getId().getTags().stream().map(Tag::getKey)).as(meter.getName())
					.containsExactlyInAnyOrder(
							Stream.of(meter.getKeyNames()).map(KeyName::asString).toArray(String[]::new));
				assertThat(found.getId().getDescription()).as(meter.getName()).isNotBlank();
			}
		});
	}

	@Test
	void onlyTheLeaderPublishesTheFiguresOfQueues() {
		this.metered.run((one) -> {
			await().until(() -> one.getBean(CronScheduler.class).isLeader());
			one.getBean(TaskTemplate.class).enqueue(new TaskRequest("waits", null, TaskOptions.unset()));
			await().ignoreExceptions().untilAsserted(() -> assertThat(pending(one)).isEqualTo(1));
			this.metered.run((two) -> {
				assertThat(two.getBean(QueueMeters.class).isRunning()).isTrue();
				assertThat(names(two)).doesNotContain("task.queue.size", "task.queue.latency", "task.queue.paused");
				one.getBean(CronScheduler.class).stop();
				await().untilAsserted(() -> assertThat(
						registry(two).find("task.queue.size").tags("queue", queue(one), "state", "pending").gauge())
					.isNotNull());
				await().untilAsserted(
						() -> assertThat(names(one)).doesNotContain("task.queue.size", "task.queue.latency"));
			});
		});
	}

	@Test
	void everybodyPublishesThemWhereAsked() {
		this.metered
			.withPropertyValues("task-queue.management.queue-meters=always", "task-queue.scheduler.enabled=false")
			.run((context) -> {
				context.getBean(TaskTemplate.class).enqueue("waits");
				await().ignoreExceptions().untilAsserted(() -> assertThat(pending(context)).isEqualTo(1));
			});
		this.metered.withPropertyValues("task-queue.management.queue-meters=never")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(QueueMeters.class));
	}

	@Test
	void isOptional() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WorkerMeters.class));
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(TaskTemplate.class));
	}

	private static double pending(AssertableApplicationContext context) {
		return registry(context).get("task.queue.size")
			.tags("queue", queue(context), "state", "pending")
			.gauge()
			.value();
	}

	private static void bind(AssertableApplicationContext context) {
		context.getBeansOfType(MeterBinder.class).values().forEach((binder) -> binder.bindTo(registry(context)));
	}

	private static Set<String> names(AssertableApplicationContext context) {
		return registry(context).getMeters()
			.stream()
			.map((meter) -> meter.getId().getName())
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static MeterRegistry registry(AssertableApplicationContext context) {
		return context.getBean(MeterRegistry.class);
	}

	private static String queue(AssertableApplicationContext context) {
		return context.getEnvironment().getProperty("task-queue.default-queue");
	}

	static class Handlers {

		@TaskHandler("works")
		void works() {
		}

		@TaskHandler("revokes")
		void revokes() {
			throw new RevokeTaskException("not needed");
		}

		@TaskHandler("fails")
		void fails() {
			throw new IllegalStateException("on purpose");
		}

	}

	/** Nothing but what hears of it takes part. */
	@SuppressWarnings("serial")
	static class AnyTransactions extends AbstractPlatformTransactionManager {

		@Override
		protected Object doGetTransaction() {
			return this;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}
