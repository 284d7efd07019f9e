package io.taskqueue.redis;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.util.Pool;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/**
 * A Jedis factory whose idle connections can be dropped. With Sentinel it uses Spring's
 * own pool, because Jedis gives no access to that of its Sentinel client.
 */
final class JedisFactory extends JedisConnectionFactory {

	private volatile @Nullable Pool<Jedis> sentinelPool;

	JedisFactory(RedisClusterConfiguration configuration, JedisClientConfiguration client) {
		super(configuration, client);
	}

	JedisFactory(RedisSentinelConfiguration configuration, JedisClientConfiguration client) {
		super(configuration, client);
		setUseUnifiedJedis(false);
	}

	JedisFactory(RedisStandaloneConfiguration configuration, JedisClientConfiguration client, boolean dedicated) {
		super(configuration, client);
		setUseUnifiedJedis(!dedicated);
	}

	/** Returns the cluster's client. */
	RedisClusterClient cluster() {
		return (RedisClusterClient) getRequiredRedisClient();
	}

	/**
	 * Drops all idle connections. After a restart of Redis each of them is dead, and each
	 * would cost somebody a failed call.
	 */
	void dropIdle() {
		Pool<Jedis> sentinel = this.sentinelPool;
		if (sentinel != null) {
			sentinel.clear();
		}
		else if (isUseUnifiedJedis() && isRunning()) {
			UnifiedJedis client = getRequiredRedisClient();
			if (client instanceof RedisClient standalone) {
				standalone.getPool().clear();
			}
			else if (client instanceof RedisClusterClient cluster) {
				cluster.getClusterNodes().values().forEach(Pool::clear);
			}
		}
	}

	@Override
	protected Pool<Jedis> createRedisSentinelPool(RedisSentinelConfiguration config) {
		Pool<Jedis> pool = super.createRedisSentinelPool(config);
		this.sentinelPool = pool;
		return pool;
	}

}
