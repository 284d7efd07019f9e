package io.taskqueue.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

import static io.taskqueue.autoconfigure.PropertyRules.require;
import static io.taskqueue.autoconfigure.PropertyRules.requirePositive;

/**
 * The connections that task queues make for themselves, to the ConnectionProperties of
 * spring.data.redis.
 *
 * @param connections how many scripts may run at a time over Jedis; Lettuce needs one
 * connection for all
 * @param connectTimeout the limit for making a connection to Redis
 * @param commandTimeout the limit for an answer of Redis
 * @param healthInterval how often HealthListener beans and listeners of RedisHealthEvent
 * are told whether Redis answers
 */
record ConnectionProperties(@DefaultValue("8") int connections, @DefaultValue("2s") Duration connectTimeout,
		@DefaultValue("2s") Duration commandTimeout, @DefaultValue("15s") Duration healthInterval) {

	ConnectionProperties {
		require(connections >= 1, "redis.connections", connections, "must be at least 1");
		requirePositive("redis.connect-timeout", connectTimeout);
		requirePositive("redis.command-timeout", commandTimeout);
		requirePositive("redis.health-interval", healthInterval);
	}

}
