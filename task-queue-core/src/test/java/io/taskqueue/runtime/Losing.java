package io.taskqueue.runtime;

import java.time.Duration;

import io.taskqueue.testing.FaultyProxy;
import io.taskqueue.testing.FaultyProxy.Fault;
import io.taskqueue.testing.TestRedis;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/**
 * The drivers, and the ways in which replies are lost.
 */
enum Losing {

	JEDIS_CLOSED(Fault.CLOSE), JEDIS_SILENT(Fault.SILENCE), LETTUCE_CLOSED(Fault.CLOSE), LETTUCE_SILENT(Fault.SILENCE);

	private final Fault fault;

	Losing(Fault fault) {
		this.fault = fault;
	}

	FaultyProxy proxy(TestRedis redis) {
		return new FaultyProxy(redis, this.fault);
	}

	/**
	 * Connects.
	 * @param timeout of commands; a short one, so that silence is soon noticed
	 */
	TaskQueue connect(TestRedis redis, FaultyProxy proxy, Duration timeout) {
		RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(redis.host(), proxy.port());
		RedisConnectionFactory factory = name().startsWith("JEDIS") ? redis.jedisFactory(configuration)
				: redis.lettuceFactory(configuration);
		TaskQueueOptions standard = TaskQueueOptions.standard("test");
		return TaskQueue.connect(factory, new TaskQueueOptions(standard.namespace(), standard.connections(),
				standard.connectTimeout(), timeout, standard.archiveSize(), standard.archiveAge(), standard.queues()));
	}

}
