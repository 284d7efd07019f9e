package io.taskqueue.autoconfigure;

import java.util.UUID;

import io.taskqueue.PayloadCodec;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskState;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.cron.CronListener;
import io.taskqueue.cron.CronOptions;
import io.taskqueue.cron.CronScheduler;
import io.taskqueue.cron.CronTaskRegistry;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.TaskQueueOptions;
import io.taskqueue.runtime.WorkerNode;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications that take a part only, that are stopped and started again, that live in
 * one process, or that bring their own engine.
 */
@Timeout(60)
class RolesTest {

	private static final String NO_WORKER = "task-queue.worker.enabled=false";

	private static final String NO_SCHEDULER = "task-queue.scheduler.enabled=false";

	@Test
	void aProducerOnlyEnqueues() {
		job().withPropertyValues(NO_WORKER, NO_SCHEDULER).run((context) -> {
			assertThat(context).hasSingleBean(TaskTemplate.class)
				.hasSingleBean(CronTaskRegistry.class)
				.doesNotHaveBean(WorkerNode.class)
				.doesNotHaveBean(WorkerLifecycle.class)
				.doesNotHaveBean(CronScheduler.class)
				.doesNotHaveBean(CronLifecycle.class);
			assertThat(context.getBean(TaskTemplate.class).enqueue("job").state()).isEqualTo(TaskState.PENDING);
			assertThat(pending(context)).isOne();
		});
	}

	@Test
	void aWorkerFiresNoCronTasks() {
		job().withPropertyValues(NO_SCHEDULER).run((context) -> {
			assertThat(context).doesNotHaveBean(CronScheduler.class).doesNotHaveBean(CronLifecycle.class);
			assertRuns(context);
		});
	}

	@Test
	void aSchedulerFiresWhatOthersWorkOn() {
		job()
			.withPropertyValues(NO_WORKER, "task-queue.namespace=" + UUID.randomUUID(),
					"task-queue.cron.tasks.tick.expr=@every 1s", "task-queue.cron.tasks.tick.type=job")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(WorkerNode.class);
				await().until(() -> pending(context) > 0);
			});
	}

	@Test
	void worksAfterStopAndStart() {
		job().run((context) -> {
			ConfigurableApplicationContext source = context
				.getSourceApplicationContext(ConfigurableApplicationContext.class);
			assertRuns(context);
			for (int i = 0; i < 2; i++) {
				source.stop();
				assertThat(context.getBean(WorkerNode.class).isRunning()).isFalse();
				assertThat(context.getBean(CronScheduler.class).isRunning()).isFalse();
				assertThat(context.getBean(TaskTemplate.class).enqueue("job").state()).isEqualTo(TaskState.PENDING);
				source.start();
				assertThat(context.getBean(Received.class).next()).isEqualTo("job");
			}
		});
	}

	@Test
	void twoContextsInOneProcessDoNotDisturbEachOther() {
		job().run((outlives) -> {
			job().run((closes) -> {
				assertRuns(outlives);
				assertRuns(closes);
			});
			assertRuns(outlives);
			job().run(RolesTest::assertRuns);
			assertRuns(outlives);
		});
	}

	@Test
	void usesTheEngineOfTheApplication() {
		job().withUserConfiguration(OwnEngine.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBeans(TaskQueue.class)
				.containsOnlyKeys("ownQueue")
				.satisfies((queues) -> {
					assertThat(context.getBeanNamesForType(WorkerNode.class)).containsExactly("ownNode");
					assertThat(context.getBeanNamesForType(CronTaskRegistry.class)).containsExactly("ownCronTasks");
					assertThat(context.getBeanNamesForType(CronScheduler.class)).containsExactly("ownScheduler");
					assertThat(context.getBean(WorkerNode.class).isRunning()).isTrue();
					assertThat(context.getBean(CronScheduler.class).isRunning()).isTrue();
				}));
	}

	private static ApplicationContextRunner job() {
		return RedisContexts.runner().withBean(Received.class).withBean(RedisFailureTest.Handlers.class);
	}

	private static void assertRuns(AssertableApplicationContext context) throws InterruptedException {
		context.getBean(TaskTemplate.class).enqueue("job");
		assertThat(context.getBean(Received.class).next()).isEqualTo("job");
	}

	private static long pending(AssertableApplicationContext context) {
		String queue = context.getEnvironment().getProperty("task-queue.default-queue");
		return context.getBean(StringRedisTemplate.class).opsForList().size("asynq:{" + queue + "}:pending");
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEngine {

		@Bean
		TaskQueue ownQueue(RedisConnectionFactory factory) {
			return TaskQueue.connect(factory, TaskQueueOptions.standard("own"));
		}

		@Bean
		WorkerNode ownNode(TaskQueue queue, HandlerRegistry handlers) {
			return queue.node(handlers, WorkerHooks.none(), WorkerOptions.standard());
		}

		@Bean
		CronTaskRegistry ownCronTasks(TaskQueue queue, PayloadCodec codec) {
			return queue.cronTasks(codec, (type) -> TaskOptions.unset(), ClientOptions.DEFAULTS, CronOptions.DEFAULTS);
		}

		@Bean
		CronScheduler ownScheduler(CronTaskRegistry registry, CronTaskDefinitions definitions) {
			return new CronScheduler(registry, definitions, new CronListener() {
			});
		}

	}

}
