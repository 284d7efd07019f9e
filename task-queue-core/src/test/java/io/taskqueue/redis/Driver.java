package io.taskqueue.redis;

import io.taskqueue.testing.TestRedis;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/**
 * The drivers to test with.
 */
enum Driver {

	JEDIS {
		@Override
		RedisConnectionFactory factory(TestRedis redis, RedisStandaloneConfiguration configuration) {
			return redis.jedisFactory(configuration);
		}
	},

	LETTUCE {
		@Override
		RedisConnectionFactory factory(TestRedis redis, RedisStandaloneConfiguration configuration) {
			return redis.lettuceFactory(configuration);
		}
	};

	abstract RedisConnectionFactory factory(TestRedis redis, RedisStandaloneConfiguration configuration);

	RedisConnectionFactory factory(TestRedis redis) {
		return factory(redis, new RedisStandaloneConfiguration(redis.host(), redis.port()));
	}

	/** Returns started connections with the usual time-outs. */
	RedisConnections connect(TestRedis redis) {
		RedisConnections connections = new RedisConnections(factory(redis), 4, 4, Timeouts.defaults());
		connections.start();
		return connections;
	}

}
