package io.taskqueue.redis;

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.util.Pool;

import org.springframework.beans.DirectFieldAccessor;
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

	private static final Logger logger = LoggerFactory.getLogger(JedisFactory.class);

	private final AtomicBoolean refreshing = new AtomicBoolean();

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

	/**
	 * Asks the cluster anew who has which slot; without effect while it is being asked. A
	 * node that is dead takes all the time that Jedis has for retries, before it comes to
	 * ask another one, and connections of one user are not retried at all.
	 */
	void refreshTopology() {
		if (isRunning() && isRedisClusterAware() && this.refreshing.compareAndSet(false, true)) {
			Thread thread = new Thread(this::renewSlots, "task-queue-topology");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private void renewSlots() {
		try {
			// Jedis keeps it to itself
			Object provider = new DirectFieldAccessor(cluster()).getPropertyValue("provider");
			if (provider instanceof ClusterConnectionProvider nodes) {
				nodes.renewSlotCache();
			}
		}
		catch (RuntimeException ex) {
			logger.debug("The cluster does not say who has which slot", ex);
		}
		finally {
			this.refreshing.set(false);
		}
	}

	@Override
	protected Pool<Jedis> createRedisSentinelPool(RedisSentinelConfiguration config) {
		Pool<Jedis> pool = super.createRedisSentinelPool(config);
		this.sentinelPool = pool;
		return pool;
	}

}
