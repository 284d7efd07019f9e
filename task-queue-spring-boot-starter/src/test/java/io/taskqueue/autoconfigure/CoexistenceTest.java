package io.taskqueue.autoconfigure;

import java.util.Map;
import java.util.concurrent.Executor;

import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.client.TaskTemplate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.config.annotation.web.http.EnableRedisIndexedHttpSession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Task queues beside everything else that uses Redis, threads and JSON in one
 * application: they take no part in its choice of beans.
 */
@Timeout(60)
class CoexistenceTest {

	@ParameterizedTest
	@ValueSource(strings = { "jedis", "lettuce" })
	void leavesSessionCacheSchedulingAndAsyncAlone(String driver) {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, CacheAutoConfiguration.class,
					TaskExecutionAutoConfiguration.class, TaskSchedulingAutoConfiguration.class,
					JacksonAutoConfiguration.class, TaskQueueAutoConfiguration.class))
			.withUserConfiguration(Application.class)
			.withPropertyValues("spring.data.redis.host=" + RedisContexts.SERVER.host(),
					"spring.data.redis.port=" + RedisContexts.SERVER.port(), "spring.data.redis.client-type=" + driver,
					"spring.cache.type=redis", "task-queue.default-queue=coexistence")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertBeansAreTheApplications(context.getBean(Injected.class));
				assertAllWork(context);
			});
	}

	/** What the application is given, which is not all that there may be. */
	private static void assertBeansAreTheApplications(Injected injected) {
		assertThat(injected.factories).containsOnlyKeys("redisConnectionFactory");
		assertThat(injected.templates).containsOnlyKeys("redisTemplate", "stringRedisTemplate");
		assertThat(injected.executors).containsOnlyKeys("applicationTaskExecutor", "taskScheduler");
		assertThat(injected.schedulers).containsOnlyKeys("taskScheduler");
		assertThat(injected.mappers).containsOnlyKeys("jacksonJsonMapper");
		assertThat(injected.caches).isInstanceOf(RedisCacheManager.class);
	}

	private static void assertAllWork(AssertableWebApplicationContext context) throws InterruptedException {
		Services services = context.getBean(Services.class);
		Received received = context.getBean(Received.class);
		context.getBean(TaskTemplate.class).enqueue("shared", "bob");
		assertThat(received.next()).isEqualTo("shared bob");
		assertThat(services.cached("a")).isEqualTo(services.cached("a"));
		assertThat(context.getBean(CacheManager.class).getCache("coexistence").get("a")).isNotNull();
		services.later();
		assertThat(received.next()).isEqualTo("later");
		await().until(services::hasTicked);
		SessionRepository<?> sessions = context.getBean(SessionRepository.class);
		assertSessionsAreKept(sessions);
	}

	private static <S extends Session> void assertSessionsAreKept(SessionRepository<S> sessions) {
		S session = sessions.createSession();
		session.setAttribute("user", "bob");
		sessions.save(session);
		assertThat(sessions.findById(session.getId()).<String>getAttribute("user")).isEqualTo("bob");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@EnableAsync
	@EnableScheduling
	@EnableRedisIndexedHttpSession
	@Import({ Received.class, Injected.class, Services.class })
	static class Application {

	}

	static class Injected {

		@Autowired
		private Map<String, RedisConnectionFactory> factories;

		@Autowired
		private Map<String, RedisOperations<?, ?>> templates;

		@Autowired
		private Map<String, Executor> executors;

		@Autowired
		private Map<String, TaskScheduler> schedulers;

		@Autowired
		private Map<String, ObjectMapper> mappers;

		@Autowired
		private CacheManager caches;

	}

	static class Services {

		private volatile boolean ticked;

		@Autowired
		private Received received;

		@TaskHandler("shared")
		public void run(String user) {
			this.received.add("shared " + user);
		}

		@Cacheable("coexistence")
		public String cached(String key) {
			return key + System.nanoTime();
		}

		@Async
		public void later() {
			this.received.add("later");
		}

		@Scheduled(fixedDelay = 50)
		public void tick() {
			this.ticked = true;
		}

		public boolean hasTicked() {
			return this.ticked;
		}

	}

}
