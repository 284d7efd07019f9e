package io.taskqueue.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.taskqueue.annotation.CronTask;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.autoconfigure.DiscoveryBeans.PrivateMethod;
import io.taskqueue.autoconfigure.DiscoveryBeans.Unbound;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.embeddedredis.EmbeddedRedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every mistake in the set-up is explained, with what to do about it. The complete texts
 * are in {@code src/test/resources/startup-failures}, written by running this test with
 * {@code -Dtaskqueue.failures.write=true}: read them before you commit.
 */
@Timeout(120)
class StartupFailureTest {

	private static final Path TEXTS = Path.of("src/test/resources/startup-failures");

	@Test
	void noRedis() throws IOException {
		fails(at(1), "no-redis");
	}

	@Test
	void noPassword() throws IOException {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start("requirepass secret")) {
			fails(at(server.port()), "no-password");
		}
	}

	@Test
	void wrongPassword() throws IOException {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start("requirepass secret")) {
			fails(at(server.port()).withPropertyValues("spring.data.redis.password=guess"), "wrong-password");
		}
	}

	@Test
	void missingPermission() throws IOException {
		try (EmbeddedRedisServer server = EmbeddedRedisServer
			.start("user app on >secret ~asynq:* ~taskqueue:* &* +@all -zadd")) {
			fails(at(server.port()).withPropertyValues("spring.data.redis.username=app",
					"spring.data.redis.password=secret"), "missing-permission");
		}
	}

	@Test
	void clusterAsStandalone() throws IOException {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start("cluster-enabled yes")) {
			fails(at(server.port()), "cluster-as-standalone");
		}
	}

	@Test
	void sentinelAsStandalone() throws IOException {
		try (SentinelServer sentinel = new SentinelServer()) {
			for (String driver : new String[] { "jedis", "lettuce" }) {
				fails(at(sentinel.port()).withPropertyValues("spring.data.redis.client-type=" + driver),
						"sentinel-as-standalone");
			}
		}
	}

	@Test
	void standaloneAsCluster() throws IOException {
		for (String driver : new String[] { "jedis", "lettuce" }) {
			fails(RedisContexts.withoutRedis()
				.withPropertyValues("spring.data.redis.client-type=" + driver,
						"spring.data.redis.cluster.nodes=127.0.0.1:" + RedisContexts.SERVER.port()),
					"standalone-as-cluster-" + driver);
		}
	}

	@Test
	void tooOld() throws IOException {
		try (OldRedis server = new OldRedis()) {
			fails(at(server.port()), "too-old");
		}
	}

	@Test
	void evicts() throws IOException {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start("maxmemory 100mb",
				"maxmemory-policy allkeys-lru")) {
			fails(at(server.port()), "evicting");
		}
	}

	@Test
	void newerSchema() throws IOException {
		try (Jedis jedis = new Jedis(RedisContexts.SERVER.host(), RedisContexts.SERVER.port())) {
			jedis.set("taskqueue:future:schema", "2");
		}
		fails(RedisContexts.runner().withPropertyValues("task-queue.namespace=future"), "newer-schema");
	}

	@Test
	void handlers() throws IOException {
		fails(RedisContexts.runner().withBean("one", Mail.class).withBean("two", Mail.class), "duplicate-handler");
		fails(RedisContexts.runner().withBean("bad", Unbound.class), "unbound-parameter");
		fails(RedisContexts.runner().withBean("bad", Placeholder.class), "missing-placeholder");
		fails(RedisContexts.runner().withBean("proxied", PrivateMethod.class).withUserConfiguration(Proxies.class),
				"private-method");
	}

	@Test
	void cron() throws IOException {
		fails(RedisContexts.runner().withBean("one", Nightly.class).withBean("two", Nightly.class),
				"duplicate-cron-task");
		fails(RedisContexts.runner().withBean("bad", BadExpression.class), "bad-cron-expression");
		fails(RedisContexts.runner()
			.withPropertyValues("task-queue.cron.tasks.nightly.expr=0 0 25 * * *",
					"task-queue.cron.tasks.nightly.type=any"),
				"bad-cron-property");
	}

	@Test
	void values() throws IOException {
		fails(RedisContexts.runner().withPropertyValues("task-queue.worker.on-cancel=explode"), "unknown-value");
		fails(RedisContexts.runner().withPropertyValues("task-queue.worker.concurrency=0"), "value-out-of-range");
		fails(RedisContexts.runner().withPropertyValues("task-queue.worker.shutdown-timeout=40s"), "shutdown-too-long");
	}

	@Test
	void thePermissionsOfTheManualSuffice() {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start(
				"user app on >secret ~asynq:* ~taskqueue:* resetchannels &asynq:* &taskqueue:* +@read +@write +@pubsub +@scripting +@connection -@dangerous +info +time")) {
			at(server.port()).withPropertyValues("spring.data.redis.username=app", "spring.data.redis.password=secret")
				.withBean(Received.class)
				.withBean(RedisFailureTest.Handlers.class)
				.run((context) -> {
					context.getBean(TaskTemplate.class).enqueue("job");
					assertThat(context.getBean(Received.class).next()).isEqualTo("job");
				});
		}
	}

	private static ApplicationContextRunner at(int port) {
		return RedisContexts.withoutRedis()
			.withPropertyValues("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + port);
	}

	private static void fails(ApplicationContextRunner runner, String name) throws IOException {
		StartupFailure failure = StartupFailure.of(runner);
		String text = "%s\n\nAction:\n\n%s\n".formatted(failure.description(), failure.action())
			.replaceAll("127\\.0\\.0\\.1:\\d{4,5}", "127.0.0.1:<port>");
		Path file = TEXTS.resolve(name + ".txt");
		if (Boolean.getBoolean("taskqueue.failures.write")) {
			Files.createDirectories(TEXTS);
			Files.writeString(file, text);
			return;
		}
		assertThat(text).isEqualTo(Files.readString(file));
	}

	static class Mail {

		@TaskHandler("mail")
		void send() {
		}

	}

	static class Placeholder {

		@TaskHandler(type = "mail", queue = "${mail.queue}")
		void send() {
		}

	}

	static class Nightly {

		@CronTask(expr = "@daily", uuid = "nightly")
		void run() {
		}

	}

	static class BadExpression {

		@CronTask(expr = "0 0 25 * * *", uuid = "nightly")
		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Proxies {

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
			creator.setBeanNames("proxied");
			creator.setProxyTargetClass(true);
			return creator;
		}

	}

}
