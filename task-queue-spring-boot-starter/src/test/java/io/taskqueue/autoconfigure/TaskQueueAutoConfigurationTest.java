package io.taskqueue.autoconfigure;

import java.time.Duration;

import io.taskqueue.PayloadCodec;
import io.taskqueue.TaskInfo;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.WorkerNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class TaskQueueAutoConfigurationTest {

	private final ApplicationContextRunner runner = RedisContexts.runner().withBean(Received.class);

	@Test
	void providesEverything() {
		this.runner.withBean(Echo.class)
			.run((context) -> assertThat(context).hasSingleBean(TaskTemplate.class)
				.hasSingleBean(JacksonPayloadCodec.class)
				.hasSingleBean(HandlerRegistry.class)
				.hasSingleBean(TaskQueue.class)
				.hasSingleBean(TaskInspector.class)
				.hasSingleBean(WorkerNode.class)
				.hasSingleBean(WorkerLifecycle.class)
				.satisfies((ready) -> assertThat(ready.getBean(WorkerNode.class).isRunning()).isTrue()));
	}

	@Test
	void providesNothingWhenDisabled() {
		this.runner.withBean(Echo.class)
			.withPropertyValues("task-queue.enabled=false", "spring.data.redis.port=1")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TaskTemplate.class)
				.doesNotHaveBean(PayloadCodec.class)
				.doesNotHaveBean(HandlerRegistry.class)
				.doesNotHaveBean(TaskQueue.class)
				.doesNotHaveBean(TaskInspector.class)
				.doesNotHaveBean(WorkerNode.class));
	}

	@Test
	void onlyEnqueuesWhenTheWorkerIsDisabled() {
		this.runner.withBean(Echo.class).withPropertyValues("task-queue.worker.enabled=false").run((context) -> {
			assertThat(context).hasSingleBean(TaskTemplate.class)
				.doesNotHaveBean(WorkerNode.class)
				.doesNotHaveBean(WorkerLifecycle.class);
			// What the annotation says counts for enqueuing all the same
			TaskInfo task = context.getBean(TaskTemplate.class).enqueue("echo", "a");
			assertThat(task.maxRetry()).isEqualTo(3);
			assertThat(context.getBean(TaskInspector.class).find(task.queue(), task.id())).isPresent();
		});
	}

	@Test
	void doesNotWorkWithoutHandlers() {
		this.runner
			.run((context) -> assertThat(context.getBean(WorkerNode.class)).returns(false, WorkerNode::isRunning));
	}

	@Test
	void worksWithLazyInitialization() {
		this.runner.withBean(Echo.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				context.getBean(TaskTemplate.class).enqueue("echo", "a");
				assertThat(received(context)).isEqualTo("a");
			});
	}

	@Test
	void stopsBeforeTheWebServerDrains() {
		int gracefulShutdown = SmartLifecycle.DEFAULT_PHASE - 1024;
		this.runner.run((context) -> assertThat(context.getBean(WorkerLifecycle.class).getPhase())
			.isGreaterThan(gracefulShutdown));
	}

	@Test
	void callPrecedesPropertiesPrecedeAnnotationPrecedesDefaults() {
		this.runner.withBean(Echo.class)
			.withPropertyValues("task-queue.defaults.retry=1", "task-queue.defaults.timeout=2m",
					"task-queue.defaults.retention=3s", "task-queue.handlers[echo.loud].retry=5",
					"task-queue.handlers.echo.retention=6s")
			.run((context) -> {
				TaskTemplate template = context.getBean(TaskTemplate.class);
				TaskInfo unknown = template.enqueue("other");
				assertThat(unknown.maxRetry()).isEqualTo(1);
				assertThat(unknown.timeout()).isEqualTo(Duration.ofMinutes(2));
				assertThat(unknown.retention()).isEqualTo(Duration.ofSeconds(3));
				TaskInfo annotated = template.enqueue("echo", "a");
				assertThat(annotated.maxRetry()).isEqualTo(3);
				assertThat(annotated.timeout()).isEqualTo(Duration.ofMinutes(2));
				assertThat(annotated.retention()).isEqualTo(Duration.ofSeconds(6));
				TaskInfo configured = template.enqueue("echo.loud", "a");
				assertThat(configured.maxRetry()).isEqualTo(5);
				assertThat(configured.retention()).isEqualTo(Duration.ofSeconds(6));
				TaskInfo called = template.once("echo.loud").retry(7).enqueue();
				assertThat(called.maxRetry()).isEqualTo(7);
				assertThat(called.retention()).isEqualTo(Duration.ofSeconds(6));
			});
	}

	@Test
	void propertiesChangeThePolicyOfAHandler() {
		this.runner.withBean(Echo.class)
			.withPropertyValues("task-queue.handlers.echo.concurrency=2", "task-queue.handlers.echo.backoff=7s",
					"task-queue.handlers.echo.queue=other")
			.run((context) -> {
				Handler handler = context.getBean(HandlerRegistry.class).find("echo");
				assertThat(handler).isNotNull();
				assertThat(handler.policy().concurrency()).isEqualTo(2);
				assertThat(handler.policy().defaults().queue()).isEqualTo("other");
				assertThat(handler.policy().noRetryFor()).containsExactly(IllegalArgumentException.class);
				assertThat(handler.policy().retryDelay()).isNotNull();
			});
	}

	private static Object received(AssertableApplicationContext context) throws InterruptedException {
		return context.getBean(Received.class).next();
	}

	static class Echo {

		private final Received received;

		Echo(Received received) {
			this.received = received;
		}

		@TaskHandler(type = "echo", retry = "3", retention = "4s", concurrency = "1",
				noRetryFor = IllegalArgumentException.class)
		void echo(String text) {
			this.received.add(text);
		}

	}

}
