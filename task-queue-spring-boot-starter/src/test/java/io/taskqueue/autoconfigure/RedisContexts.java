package io.taskqueue.autoconfigure;

import java.util.concurrent.atomic.AtomicInteger;

import io.taskqueue.embeddedredis.EmbeddedRedisServer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Contexts on one Redis server for all tests, which ends with the JVM; each runner has a
 * default queue of its own.
 */
public final class RedisContexts {

	public static final EmbeddedRedisServer SERVER = EmbeddedRedisServer.start();

	private static final AtomicInteger QUEUES = new AtomicInteger();

	private RedisContexts() {
	}

	/**
	 * Without Redis's address, and with Jedis, as an application has it that brings no
	 * driver.
	 */
	public static ApplicationContextRunner withoutRedis() {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataRedisAutoConfiguration.class, TaskQueueAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.client-type=jedis",
					"task-queue.default-queue=q" + QUEUES.incrementAndGet());
	}

	public static ApplicationContextRunner runner() {
		return withoutRedis().withPropertyValues("spring.data.redis.host=" + SERVER.host(),
				"spring.data.redis.port=" + SERVER.port());
	}

}
