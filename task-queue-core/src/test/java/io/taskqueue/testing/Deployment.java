package io.taskqueue.testing;

import java.util.List;

import redis.clients.jedis.Jedis;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * A Redis in one of the ways in which applications have one: a server, a master watched
 * by Sentinel, or a Cluster.
 */
public interface Deployment extends AutoCloseable {

	/** Returns a factory of Jedis; it need not be started or closed. */
	RedisConnectionFactory jedisFactory();

	/** Returns a factory of Lettuce; it need not be started or closed. */
	RedisConnectionFactory lettuceFactory();

	/** Returns the servers that hold the data, now, without their replicas. */
	List<TestRedis> masters();

	/** Returns the server that holds a key. */
	default TestRedis nodeOf(String key) {
		return masters().get(0);
	}

	/**
	 * Returns a new plain connection, to look into Redis; close it after use. In a
	 * cluster, data commands go to the node of their key and KEYS to all; others, and
	 * pipelines, do not work there.
	 */
	Jedis jedis();

	/** Removes all keys and scripts. */
	default void flushAll() {
		masters().forEach(TestRedis::flushAll);
	}

	@Override
	void close();

}
