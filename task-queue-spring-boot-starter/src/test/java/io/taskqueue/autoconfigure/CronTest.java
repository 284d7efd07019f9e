package io.taskqueue.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import io.taskqueue.TaskContext;
import io.taskqueue.annotation.CronTask;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.cron.CronScheduler;
import io.taskqueue.cron.CronTaskDefinition;
import io.taskqueue.cron.CronTaskInfo;
import io.taskqueue.cron.CronTaskProvider;
import io.taskqueue.cron.CronTaskRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Cron tasks of methods, of the configuration, of providers and of the registry.
 */
@Timeout(60)
class CronTest {

	private final ApplicationContextRunner runner = RedisContexts.runner()
		.withBean(Received.class)
		.withPropertyValues("task-queue.namespace=cron-" + System.nanoTime(), "task-queue.scheduler.lease=1s");

	@Test
	void runsAnnotatedMethods() {
		this.runner.withBean(Jobs.class)
			.withPropertyValues("job.expr=* * * * * *")
			.run((context) -> assertThat(context.getBean(Received.class).next()).asString()
				.startsWith("tick {\"a\":1}"));
	}

	@Test
	void propertiesWinOverTheAnnotation() {
		this.runner.withBean(Jobs.class)
			.withPropertyValues("job.expr=0 0 4 * * *", "task-queue.cron.tasks[job.tick].expr=0 5 * * * | @every 1h",
					"task-queue.cron.tasks[job.tick].retry=7", "task-queue.cron.tasks[job.tick].overlap=allow")
			.run((context) -> {
				CronTaskInfo task = context.getBean(CronTaskRegistry.class).find("job.tick").orElseThrow();
				assertThat(task.expressions()).containsExactly("CRON_TZ=Europe/Berlin 0 5 * * *", "@every 1h");
				assertThat(task.retry()).isEqualTo(7);
				assertThat(task.overlap()).hasToString("ALLOW");
				assertThat(task.owner()).isEqualTo("annotation");
			});
	}

	@Test
	void runsConfiguredTasks() {
		this.runner.withBean(Handlers.class)
			.withPropertyValues("task-queue.cron.tasks.beat.expr=@every 1s", "task-queue.cron.tasks.beat.type=beat",
					"task-queue.cron.tasks.beat.payload=\"bob\"")
			.run((context) -> assertThat(context.getBean(Received.class).next()).isEqualTo("beat bob"));
	}

	@Test
	void synchronisesProviders() {
		this.runner.withUserConfiguration(Provided.class)
			.withPropertyValues("task-queue.scheduler.sync-interval=1s")
			.run((context) -> {
				CronTaskRegistry registry = context.getBean(CronTaskRegistry.class);
				assertThat(registry.list()).extracting(CronTaskInfo::uuid).containsExactly("first");
				registry.register(CronTaskDefinition.of("own", "beat", "@daily"));
				Provided.definitions.set(List.of(CronTaskDefinition.of("second", "beat", "@daily")));
				await().untilAsserted(() -> assertThat(registry.list()).extracting(CronTaskInfo::uuid)
					.containsExactly("own", "second"));
			});
	}

	@Test
	void readsAFile(@TempDir Path directory) throws Exception {
		Path file = directory.resolve("schedules.yml");
		Files.writeString(file, "- uuid: a\n  task_type: beat\n  cronspec: '@daily'\n  payload: bob\n");
		assertThat(CronProviderExamples.file(file).load())
			.containsExactly(CronTaskDefinition.of("a", "beat", "@daily").withPayload("bob"));
	}

	@Test
	void tellsAboutLeadershipAndHandsItOver() {
		List<Boolean> events = new CopyOnWriteArrayList<>();
		ApplicationListener<CronLeadershipEvent> listener = (event) -> events.add(event.isLeading());
		this.runner.withBean("events", ApplicationListener.class, () -> listener).run((context) -> {
			CronScheduler scheduler = context.getBean(CronScheduler.class);
			await().until(scheduler::isLeader);
			assertThat(context.getBean(CronTaskRegistry.class).leader()).contains(scheduler.node());
			this.runner.withPropertyValues("task-queue.scheduler.lease=50m").run((other) -> {
				context.stop();
				await().until(other.getBean(CronScheduler.class)::isLeader);
			});
			assertThat(events).startsWith(true, false);
		});
	}

	@Test
	void doesNotFireWhenDisabled() {
		this.runner.withPropertyValues("task-queue.scheduler.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(CronScheduler.class)
				.hasSingleBean(CronTaskRegistry.class));
	}

	@Test
	void failsNamingTheMistake() {
		this.runner.withBean("jobs", Jobs.class)
			.withPropertyValues("job.expr=61 * * * *")
			.run((context) -> assertThat(context.getStartupFailure()).hasMessageContaining("'jobs'")
				.hasMessageContaining("Jobs#tick")
				.hasMessageContaining("61"));
		this.runner.withBean("one", Handlers.class)
			.withPropertyValues("task-queue.cron.tasks.beat.expr=0 0 31 2 *", "task-queue.cron.tasks.beat.type=beat")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("task-queue.cron.tasks[beat].expr"));
		this.runner
			.withPropertyValues("task-queue.cron.tasks.beat.expr=@daily", "task-queue.cron.tasks.beat.type=beat",
					"task-queue.cron.tasks.beat.retry=-1")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("task-queue.cron.tasks[beat]")
				.hasStackTraceContaining("retry must not be negative"));
		this.runner.withPropertyValues("task-queue.cron.tasks.beat.zone=Mars/North")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("task-queue.cron.tasks.beat.zone"));
		this.runner.withPropertyValues("job.expr=@daily")
			.withBean("one", Jobs.class)
			.withBean("two", Jobs.class)
			.run((context) -> assertThat(context.getStartupFailure()).hasMessageContaining("'job.tick'")
				.hasMessageContaining("bean 'one'")
				.hasMessageContaining("bean 'two'"));
	}

	@Test
	void failsNamingTheMethodOfAWrongZoneOrRetry() {
		this.runner.withBean("zones", WrongZone.class)
			.run((context) -> assertThat(context.getStartupFailure()).hasStackTraceContaining("'zones'")
				.hasStackTraceContaining("WrongZone#tick")
				.hasStackTraceContaining("Mars/North"));
		this.runner.withBean("retries", NegativeRetry.class)
			.run((context) -> assertThat(context.getStartupFailure()).hasStackTraceContaining("'retries'")
				.hasStackTraceContaining("NegativeRetry#tick")
				.hasStackTraceContaining("-1"));
	}

	static class WrongZone {

		@CronTask(expr = "@daily", uuid = "wrong.zone", zone = "Mars/North")
		void tick() {
		}

	}

	static class NegativeRetry {

		@CronTask(expr = "@daily", uuid = "negative.retry", retry = "-1")
		void tick() {
		}

	}

	static class Jobs {

		private final Received received;

		Jobs(Received received) {
			this.received = received;
		}

		@CronTask(expr = "${job.expr}", uuid = "job.tick", zone = "Europe/Berlin", payload = "{\"a\":1}", retry = "2",
				timeout = "5s")
		void tick(String payload, TaskContext task) {
			this.received.add("tick " + payload + " " + task.id());
		}

	}

	static class Handlers {

		private final Received received;

		Handlers(Received received) {
			this.received = received;
		}

		@TaskHandler("beat")
		void beat(String name) {
			this.received.add("beat " + name);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Provided {

		static final AtomicReference<List<CronTaskDefinition>> definitions = new AtomicReference<>(
				List.of(CronTaskDefinition.of("first", "beat", "@daily")));

		@Bean
		CronTaskProvider table() {
			return definitions::get;
		}

	}

}
