package io.taskqueue.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.taskqueue.Task;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskRequest;
import io.taskqueue.TaskState;
import io.taskqueue.annotation.Header;
import io.taskqueue.annotation.Headers;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.runtime.WorkerNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * From the template through Redis to handler methods.
 */
@Timeout(60)
class EndToEndTest {

	private final ApplicationContextRunner runner = RedisContexts.runner()
		.withBean(Received.class)
		.withBean(Handlers.class);

	@ParameterizedTest
	@ValueSource(strings = { "jedis", "lettuce" })
	void runsTasksOverEitherDriver(String driver) {
		this.runner.withPropertyValues("spring.data.redis.client-type=" + driver).run((context) -> {
			assertThat(context.getBean(RedisConnectionFactory.class))
				.isInstanceOf(driver.equals("jedis") ? JedisConnectionFactory.class : LettuceConnectionFactory.class);
			template(context).enqueue("order.paid", new Order("tea", 3));
			assertThat(received(context)).isEqualTo(new Order("tea", 3));
		});
	}

	@Test
	void keepsTheLettuceOfAnApplicationThatHasNoJedis() {
		this.runner.withClassLoader(new FilteredClassLoader("redis.clients.jedis"))
			.withPropertyValues("spring.data.redis.client-type=lettuce")
			.run((context) -> {
				assertThat(context).hasSingleBean(LettuceConnectionFactory.class);
				template(context).enqueue("order.paid", new Order("tea", 3));
				assertThat(received(context)).isEqualTo(new Order("tea", 3));
			});
	}

	@Test
	void usesJedisWhereThereIsNoLettuce() {
		RedisContexts.runner()
			.withClassLoader(new FilteredClassLoader("io.lettuce"))
			.run((context) -> assertThat(context).hasSingleBean(JedisConnectionFactory.class)
				.hasSingleBean(TaskTemplate.class));
	}

	@Test
	void givesHandlersContextHeadersAndTask() {
		this.runner.run((context) -> {
			TaskInfo info = template(context).enqueue(TaskRequest.of("arguments", new Order("tea", 3))
				.with((options) -> options.withHeader("tenant", "acme").withId("one")));
			assertThat(info.state()).isEqualTo(TaskState.PENDING);
			assertThat(received(context)).isEqualTo(List.of("one", "tea", "acme", Map.of("tenant", "acme")));
		});
	}

	@Test
	void runsLongerTypesWithTheHandlerOfTheirPrefix() {
		this.runner.run((context) -> {
			template(context).enqueue("mail:welcome", "bob");
			assertThat(received(context)).isEqualTo("mail:welcome bob");
			template(context).enqueue("mail:invoice", "bob");
			assertThat(received(context)).isEqualTo("invoice bob");
		});
	}

	@Test
	void retriesWithTheBackoffOfTheProperties() {
		this.runner.withPropertyValues("task-queue.worker.backoff.type=fixed", "task-queue.worker.backoff.initial=20ms")
			.run((context) -> {
				template(context).enqueue("fails.twice");
				assertThat(received(context)).isEqualTo(0);
				assertThat(received(context)).isEqualTo(1);
				assertThat(received(context)).isEqualTo(2);
			});
	}

	@Test
	void runsDelayedTasks() {
		this.runner.run((context) -> {
			long before = System.nanoTime();
			TaskInfo info = template(context).enqueueIn(Duration.ofMillis(300), "mail:welcome", "bob");
			assertThat(info.state()).isEqualTo(TaskState.SCHEDULED);
			assertThat(received(context)).isEqualTo("mail:welcome bob");
			assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofMillis(299),
					Duration.ofSeconds(5));
		});
	}

	@Test
	void startsAgainAfterAStop() {
		this.runner.run((context) -> {
			for (int i = 0; i < 2; i++) {
				context.stop();
				assertThat(context.getBean(WorkerNode.class).isRunning()).isFalse();
				template(context).enqueue("mail:welcome", "bob");
				assertThat(context.getBean(Received.class).isEmpty()).isTrue();
				context.start();
				assertThat(context.getBean(WorkerNode.class).isRunning()).isTrue();
				assertThat(received(context)).isEqualTo("mail:welcome bob");
			}
			// Idle, and so woken rather than polling
			await().pollDelay(Duration.ofMillis(500)).until(() -> true);
			long before = System.nanoTime();
			template(context).enqueue("mail:welcome", "ann");
			assertThat(received(context)).isEqualTo("mail:welcome ann");
			assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(500));
		});
	}

	@Test
	void twoContextsInOneJvmDoNotMix() {
		this.runner.run((one) -> RedisContexts.runner().withBean(Received.class).withBean(Handlers.class).run((two) -> {
			template(one).enqueue("mail:welcome", "one");
			template(two).enqueue("mail:welcome", "two");
			assertThat(received(one)).isEqualTo("mail:welcome one");
			assertThat(received(two)).isEqualTo("mail:welcome two");
			assertThat(one.getBean(Received.class).isEmpty()).isTrue();
			assertThat(two.getBean(Received.class).isEmpty()).isTrue();
		}));
	}

	@Test
	void twoContextsShareAQueue() {
		this.runner.run((one) -> RedisContexts.runner()
			.withPropertyValues("task-queue.worker.enabled=false",
					"task-queue.default-queue=" + one.getEnvironment().getProperty("task-queue.default-queue"))
			.run((two) -> {
				template(two).enqueue("mail:welcome", "two");
				assertThat(received(one)).isEqualTo("mail:welcome two");
			}));
	}

	@Test
	void handlersRunOnPlatformThreads() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=false").run((context) -> {
			template(context).enqueue("thread");
			assertThat(received(context)).asString().startsWith("Thread[");
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void handlersRunOnVirtualThreads() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			template(context).enqueue("thread");
			assertThat(received(context)).asString().startsWith("VirtualThread[").contains("task-");
		});
	}

	private static TaskTemplate template(AssertableApplicationContext context) {
		return context.getBean(TaskTemplate.class);
	}

	private static Object received(AssertableApplicationContext context) throws InterruptedException {
		return context.getBean(Received.class).next();
	}

	record Order(String item, int count) {
	}

	static class Handlers {

		private final Received received;

		Handlers(Received received) {
			this.received = received;
		}

		@TaskHandler("order.paid")
		void paid(Order order) {
			this.received.add(order);
		}

		@TaskHandler("arguments")
		void arguments(Task<Order> task, TaskContext context, @Header("tenant") String tenant,
				@Headers Map<String, String> headers) {
			assertThat(task.payload()).isNotNull();
			this.received.add(List.of(context.id(), task.payload().item(), tenant, headers));
		}

		@TaskHandler("mail")
		void mail(String to, TaskContext task) {
			this.received.add(task.type() + " " + to);
		}

		@TaskHandler("mail:invoice")
		void invoice(String to) {
			this.received.add("invoice " + to);
		}

		@TaskHandler("fails.twice")
		void failing(TaskContext task) {
			this.received.add(task.retried());
			if (task.retried() < 2) {
				throw new IllegalStateException("not yet");
			}
		}

		@TaskHandler("thread")
		void thread() {
			this.received.add(Thread.currentThread().toString());
		}

	}

}
