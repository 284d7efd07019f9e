package io.taskqueue.management;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.autoconfigure.RedisContexts;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.redis.WrongClock;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.TaskQueueOptions;
import io.taskqueue.runtime.WorkerNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the health of task queues tells, and in which groups.
 */
@Timeout(60)
class TaskQueueHealthTest {

	private final ApplicationContextRunner runner = RedisContexts.runner()
		.withConfiguration(AutoConfigurations.of(ApplicationAvailabilityAutoConfiguration.class,
				TaskQueueHealthAutoConfiguration.class, EndpointAutoConfiguration.class,
				HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
				HealthEndpointAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class))
		.withPropertyValues("task-queue.namespace=health-" + System.nanoTime(), "task-queue.scheduler.lease=1s",
				"management.endpoint.health.probes.enabled=true", "management.endpoints.web.exposure.include=health");

	@Test
	void tellsTheState() {
		this.runner.withBean(Handlers.class).run((context) -> {
			assertThat(context.getBean(HealthContributorRegistry.class).getContributor("taskQueue")).isNotNull();
			await().untilAsserted(() -> {
				Health health = health(context.getBean(TaskQueueHealthIndicator.class));
				assertThat(health.getStatus()).isEqualTo(Status.UP);
				assertThat(health.getDetails()).containsEntry("scheduler", "leader")
					.containsEntry("clockOffset", "PT0S")
					.containsKeys("leader", "oldestPending")
					.doesNotContainKey("warnings");
				assertThat(worker(health)).containsEntry("running", true)
					.containsEntry("stuck", 0)
					.containsKeys("lastFetch", "slots", "busy");
			});
		});
	}

	@Test
	void isDownWhileRedisDoesNotAnswer() {
		this.runner.withPropertyValues("task-queue.worker.enabled=false", "task-queue.scheduler.enabled=false")
			.run((context) -> {
				TaskQueueHealthIndicator indicator = context.getBean(TaskQueueHealthIndicator.class);
				assertThat(health(indicator).getDetails()).containsEntry("worker", "disabled")
					.containsEntry("scheduler", "disabled");
				context.getBean(TaskQueue.class).close();
				assertThat(health(indicator).getStatus()).isEqualTo(Status.DOWN);
			});
	}

	@ParameterizedTest
	@ValueSource(ints = { 60, -60 })
	void aClockThatIsFarOffIsAWarning(int fast) {
		withClock(fast, (health) -> {
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			Duration offset = Duration.parse((String) health.getDetails().get("clockOffset"));
			assertThat(offset).isCloseTo(Duration.ofSeconds(-fast), Duration.ofSeconds(30));
			assertThat(health.getDetails()).containsEntry("warnings",
					List.of("Redis's clock and this machine's differ by " + offset + ", more than PT5S"));
		});
	}

	@Test
	void aClockThatIsSomewhatOffIsCorrectedOnly() {
		withClock(2, (health) -> {
			assertThat(health.getDetails().get("clockOffset")).isNotEqualTo("PT0S");
			assertThat(health.getDetails()).doesNotContainKey("warnings");
		});
	}

	private void withClock(int fast, Consumer<Health> check) {
		this.runner.withPropertyValues("task-queue.worker.enabled=false", "task-queue.scheduler.enabled=false")
			.withInitializer((context) -> ((GenericApplicationContext) context).registerBean(TaskQueue.class,
					() -> TaskQueue.connect(context.getBean(RedisConnectionFactory.class),
							TaskQueueOptions.standard("health-clock"), WrongClock.fastBy(Duration.ofSeconds(fast)))))
			.run((context) -> check.accept(health(context.getBean(TaskQueueHealthIndicator.class))));
	}

	@Test
	void stuckHandlersAreAWarningUntilTheyHoldAllSlots() {
		this.runner.withBean(Handlers.class)
			.withPropertyValues("task-queue.worker.concurrency=2", "task-queue.worker.interrupt-grace=0s",
					"task-queue.worker.shutdown-timeout=0s")
			.run((context) -> {
				Handlers handlers = context.getBean(Handlers.class);
				try {
					TaskTemplate template = context.getBean(TaskTemplate.class);
					TaskQueueHealthIndicator indicator = context.getBean(TaskQueueHealthIndicator.class);
					WorkerNode node = context.getBean(WorkerNode.class);
					for (int stuck = 1; stuck <= 2; stuck++) {
						int expected = stuck;
						String id = template.enqueue("hangs").id();
						await().until(() -> node.worker().running() == expected);
						node.worker().cancel(id);
						await().until(() -> node.worker().stuck() == expected);
						assertThat(health(indicator).getStatus()).isEqualTo((stuck < 2) ? Status.UP : Status.DOWN);
						assertThat(health(indicator).getDetails()).containsEntry("warnings",
								List.of(stuck + " of 2 slots are held by handlers that do not heed an interrupt"));
					}
				}
				finally {
					handlers.release.countDown();
				}
			});
	}

	@Test
	void isInReadinessOnlyWhereAskedAndNeverInLiveness() {
		this.runner.run((context) -> {
			HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
			assertThat(groups.getPrimary().isMember("taskQueue")).isTrue();
			assertThat(groups.get("readiness").isMember("taskQueue")).isFalse();
			assertThat(groups.get("liveness").isMember("taskQueue")).isFalse();
		});
		this.runner.withPropertyValues("task-queue.management.readiness=true").run((context) -> {
			HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
			assertThat(groups.get("readiness").isMember("taskQueue")).isTrue();
			assertThat(groups.get("readiness").isMember("readinessState")).isTrue();
			assertThat(groups.get("readiness").isMember("diskSpace")).isFalse();
			assertThat(groups.get("liveness").isMember("taskQueue")).isFalse();
			assertThat(groups.getPrimary().isMember("taskQueue")).isTrue();
		});
	}

	@Test
	void isOptional() {
		this.runner.withPropertyValues("management.health.task-queue.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskQueueHealthIndicator.class));
		RedisContexts.runner()
			.withConfiguration(AutoConfigurations.of(TaskQueueHealthAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(TaskTemplate.class));
	}

	private static Health health(TaskQueueHealthIndicator indicator) {
		return indicator.health();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> worker(Health health) {
		return (Map<String, Object>) health.getDetails().get("worker");
	}

	static class Handlers {

		private final CountDownLatch release = new CountDownLatch(1);

		@TaskHandler("hangs")
		void hangs() {
			boolean released = false;
			while (!released) {
				try {
					this.release.await();
					released = true;
				}
				catch (InterruptedException ex) {
					// That is the point
				}
			}
		}

	}

}
