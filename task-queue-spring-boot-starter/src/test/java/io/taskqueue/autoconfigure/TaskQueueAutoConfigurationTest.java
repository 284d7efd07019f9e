package io.taskqueue.autoconfigure;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import io.taskqueue.EnqueueResult;
import io.taskqueue.FailurePredicate;
import io.taskqueue.PayloadCodec;
import io.taskqueue.RetryDelay;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskInterceptor;
import io.taskqueue.TaskOperations;
import io.taskqueue.TaskRequest;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.embeddedredis.EmbeddedRedisServer;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.WorkerNode;
import io.taskqueue.worker.WorkerListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class TaskQueueAutoConfigurationTest {

	private static final String NAME = "taskQueueRedisConnectionFactory";

	private final ApplicationContextRunner runner = RedisContexts.runner().withBean(Received.class);

	@Test
	void providesEverything() {
		this.runner.withBean(Echo.class)
			.run((context) -> assertThat(context).hasSingleBean(TaskTemplate.class)
				.hasSingleBean(JacksonPayloadCodec.class)
				.hasSingleBean(HandlerRegistry.class)
				.hasSingleBean(TaskQueue.class)
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
				.doesNotHaveBean(WorkerNode.class));
	}

	@Test
	void onlyEnqueuesWhenTheWorkerIsDisabled() {
		this.runner.withBean(Echo.class).withPropertyValues("task-queue.worker.enabled=false").run((context) -> {
			assertThat(context).hasSingleBean(TaskTemplate.class)
				.doesNotHaveBean(WorkerNode.class)
				.doesNotHaveBean(WorkerLifecycle.class);
			// What the annotation says counts for enqueuing all the same
			assertThat(context.getBean(TaskTemplate.class).enqueue("echo", "a").maxRetry()).isEqualTo(3);
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

	@Test
	void usesTheCodecOfTheApplication() {
		this.runner.withBean(Echo.class).withBean(UpperCase.class).run((context) -> {
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
	void usesTheRegistryOfTheApplication() {
		this.runner.withBean("own", HandlerRegistry.class, HandlerRegistry::new).withBean(Echo.class).run((context) -> {
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
		this.runner.withBean(Echo.class).withUserConfiguration(Interceptors.class).run((context) -> {
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
		this.runner.withBean(Echo.class).withUserConfiguration(Listeners.class).run((context) -> {
			context.getBean(TaskTemplate.class).enqueue("echo", "a");
			assertThat(received(context)).isEqualTo("started echo");
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

}
