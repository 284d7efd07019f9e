package io.taskqueue.autoconfigure;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import io.taskqueue.EnqueueResult;
import io.taskqueue.FailurePredicate;
import io.taskqueue.HandlerControl;
import io.taskqueue.HealthListener;
import io.taskqueue.PayloadCodec;
import io.taskqueue.RetryDelay;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskErrorHandler;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskInterceptor;
import io.taskqueue.TaskOperations;
import io.taskqueue.TaskRequest;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.embeddedredis.EmbeddedRedisServer;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.worker.WorkerListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Beans of the application, in place of ours or beside them.
 */
@Timeout(60)
class UserBeansTest {

	private static final String NAME = "taskQueueRedisConnectionFactory";

	private final ApplicationContextRunner runner = RedisContexts.runner().withBean(Received.class);

	@Test
	void usesTheCodecOfTheApplication() {
		this.runner.withBean(TaskQueueAutoConfigurationTest.Echo.class).withBean(UpperCase.class).run((context) -> {
			assertThat(context).hasSingleBean(PayloadCodec.class);
			context.getBean(TaskTemplate.class).enqueue("echo", "a");
			assertThat(received(context)).isEqualTo("A");
		});
	}

	@Test
	void usesTheTemplateOfTheApplication() {
		this.runner.withBean(NoOperations.class)
			.run((context) -> assertThat(context).hasSingleBean(TaskOperations.class)
				.doesNotHaveBean(TaskTemplate.class));
	}

	@Test
	void usesTheInspectorOfTheApplication() {
		this.runner.withUserConfiguration(OwnInspector.class)
			.run((context) -> assertThat(context).hasSingleBean(TaskInspector.class).hasBean("own"));
	}

	@Test
	void usesTheRegistryOfTheApplication() {
		this.runner.withBean("own", HandlerRegistry.class, HandlerRegistry::new)
			.withBean(TaskQueueAutoConfigurationTest.Echo.class)
			.run((context) -> {
				assertThat(context).hasSingleBean(HandlerRegistry.class).hasBean("own");
				context.getBean(HandlerRegistry.class)
					.register(new Handler("by.hand", "test", Handler.Policy.STANDARD, (task) -> {
						context.getBean(Received.class).add(task.type());
						return null;
					}));
				context.getBean(TaskTemplate.class).enqueue("by.hand");
				assertThat(received(context)).isEqualTo("by.hand");
			});
	}

	@Test
	void interceptorsRunInTheirOrder() {
		this.runner.withBean(TaskQueueAutoConfigurationTest.Echo.class)
			.withUserConfiguration(Interceptors.class)
			.run((context) -> {
				context.getBean(TaskTemplate.class).enqueue("echo", "a");
				assertThat(received(context)).isEqualTo("first");
				assertThat(received(context)).isEqualTo("second");
				assertThat(received(context)).isEqualTo("a");
			});
	}

	@Test
	void usesRetryDelayAndFailurePredicateOfTheApplication() {
		this.runner.withBean(Failing.class)
			.withBean(RetryDelay.class, () -> RetryDelay.fixed(Duration.ofMillis(20)))
			.withBean(FailurePredicate.class, () -> (error) -> !(error instanceof IllegalStateException))
			.run((context) -> {
				context.getBean(TaskTemplate.class).enqueue("failing");
				assertThat(received(context)).isEqualTo(0);
				assertThat(received(context)).isEqualTo(0);
			});
	}

	@Test
	void tellsAllListeners() {
		this.runner.withBean(TaskQueueAutoConfigurationTest.Echo.class)
			.withUserConfiguration(Listeners.class)
			.run((context) -> {
				context.getBean(TaskTemplate.class).enqueue("echo", "a");
				assertThat(received(context)).isEqualTo("started echo");
				assertThat(received(context)).isEqualTo("a");
			});
	}

	@Test
	void tellsErrorHandlersOfFailedAttempts() {
		this.runner.withBean(Failing.class)
			.withBean(RetryDelay.class, () -> RetryDelay.fixed(Duration.ofMinutes(1)))
			.withUserConfiguration(ErrorHandlers.class)
			.run((context) -> {
				context.getBean(TaskTemplate.class).enqueue("failing");
				assertThat(received(context)).isEqualTo(0);
				assertThat(received(context)).isEqualTo("failing failed");
			});
	}

	@Test
	void tellsOfTheHealthOfRedis() {
		this.runner.withUserConfiguration(HealthListeners.class).run((context) -> {
			assertThat(received(context)).isEqualTo("listener true");
			assertThat(received(context)).isEqualTo("event true");
		});
	}

	@Test
	void aPausedTypeIsNotRunUntilItIsResumed() {
		this.runner.withBean(TaskQueueAutoConfigurationTest.Echo.class).run((context) -> {
			HandlerControl control = context.getBean(HandlerControl.class);
			control.pauseEverywhere("echo");
			context.getBean(TaskTemplate.class).enqueue("echo", "a");
			String queue = context.getEnvironment().getProperty("task-queue.default-queue");
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			await().until(() -> Long.valueOf(1).equals(redis.opsForZSet().size("asynq:{" + queue + "}:scheduled")));
			control.resumeEverywhere("echo");
			assertThat(received(context)).isEqualTo("a");
		});
	}

	@Test
	void usesTheConnectionFactoryWithTheName() {
		this.runner.withUserConfiguration(NamedFactory.class).run((context) -> usesAnotherRedis(context, NAME));
	}

	@Test
	void usesTheConnectionFactoryWithTheQualifier() {
		this.runner.withUserConfiguration(QualifiedFactory.class)
			.run((context) -> usesAnotherRedis(context, "another"));
	}

	@Test
	void usesThePrimaryConnectionFactory() {
		RedisContexts.withoutRedis()
			.withUserConfiguration(PrimaryFactory.class)
			.run((context) -> context.getBean(TaskTemplate.class).enqueue("any"));
	}

	private static void usesAnotherRedis(AssertableApplicationContext context, String factory) {
		assertThat(context).hasNotFailed().hasBean("redisConnectionFactory");
		context.getBean(TaskTemplate.class).enqueue("any");
		String queue = context.getEnvironment().getProperty("task-queue.default-queue");
		assertThat(context.getBean(StringRedisTemplate.class).hasKey("asynq:{" + queue + "}:pending")).isFalse();
		StringRedisTemplate other = new StringRedisTemplate(context.getBean(factory, RedisConnectionFactory.class));
		assertThat(other.hasKey("asynq:{" + queue + "}:pending")).isTrue();
	}

	/** Another database of the server will do. */
	private static RedisConnectionFactory anotherRedis(int database) {
		EmbeddedRedisServer server = RedisContexts.SERVER;
		RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(server.host(), server.port());
		configuration.setDatabase(database);
		return new JedisConnectionFactory(configuration);
	}

	private static Object received(AssertableApplicationContext context) throws InterruptedException {
		return context.getBean(Received.class).next();
	}

	static class Failing {

		private final Received received;

		Failing(Received received) {
			this.received = received;
		}

		@TaskHandler("failing")
		void fail(TaskContext task) {
			this.received.add(task.retried());
			throw new IllegalStateException("not a failure");
		}

	}

	static class UpperCase implements PayloadCodec {

		@Override
		public byte[] encode(Object payload) {
			return (payload != null) ? payload.toString().getBytes(StandardCharsets.UTF_8) : new byte[0];
		}

		@Override
		public Object decode(byte[] payload, Type type) {
			return new String(payload, StandardCharsets.UTF_8).toUpperCase(Locale.ROOT);
		}

	}

	static class NoOperations implements TaskOperations {

		@Override
		public TaskInfo enqueue(TaskRequest request) {
			throw new UnsupportedOperationException();
		}

		@Override
		public List<EnqueueResult> enqueueAll(Collection<TaskRequest> requests) {
			throw new UnsupportedOperationException();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Interceptors {

		@Bean
		@Order(2)
		TaskInterceptor second(Received received) {
			return (task, next) -> {
				received.add("second");
				return next.proceed();
			};
		}

		@Bean
		@Order(1)
		TaskInterceptor first(Received received) {
			return (task, next) -> {
				received.add("first");
				return next.proceed();
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		@Bean
		@Order(1)
		WorkerListener broken() {
			return new WorkerListener() {
				@Override
				public void started(TaskContext task) {
					throw new IllegalStateException("broken");
				}
			};
		}

		@Bean
		@Order(2)
		WorkerListener whole(Received received) {
			return new WorkerListener() {
				@Override
				public void started(TaskContext task) {
					received.add("started " + task.type());
				}
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ErrorHandlers {

		@Bean
		TaskErrorHandler errorHandler(Received received) {
			return (task, error) -> received.add(task.type() + " failed");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HealthListeners {

		@Bean
		HealthListener healthListener(Received received) {
			return (health) -> received.add("listener " + health.isUp());
		}

		@Bean
		ApplicationListener<RedisHealthEvent> healthEvents(Received received) {
			return (event) -> received.add("event " + event.health().isUp());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NamedFactory {

		@Bean(name = NAME, defaultCandidate = false)
		RedisConnectionFactory another() {
			return anotherRedis(1);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class QualifiedFactory {

		@Bean(defaultCandidate = false)
		@TaskQueueConnectionFactory
		RedisConnectionFactory another() {
			return anotherRedis(2);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryFactory {

		@Bean
		RedisConnectionFactory unreachable() {
			return new JedisConnectionFactory(new RedisStandaloneConfiguration("localhost", 1));
		}

		@Bean
		@Primary
		RedisConnectionFactory primary() {
			return anotherRedis(0);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnInspector {

		@Bean
		TaskInspector own(TaskQueue queue) {
			return queue.inspector();
		}

	}

}
