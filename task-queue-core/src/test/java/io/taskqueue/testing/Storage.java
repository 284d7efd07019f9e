package io.taskqueue.testing;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import io.taskqueue.redis.RedisBroker;
import io.taskqueue.redis.RedisOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The storages to test with: each way to have a Redis, over each driver. Started on first
 * use, shared, and kept for the whole test JVM; each has its clock.
 */
public final class Storage {

	/** One server, over Jedis. */
	public static final Storage JEDIS = new Storage("JEDIS", TestRedis::shared, Deployment::jedisFactory);

	/** One server, over Lettuce. */
	public static final Storage LETTUCE = new Storage("LETTUCE", TestRedis::shared, Deployment::lettuceFactory);

	/** A master behind Sentinel, over Jedis. */
	public static final Storage SENTINEL_JEDIS = new Storage("SENTINEL_JEDIS", TestSentinel::shared,
			Deployment::jedisFactory);

	/** A master behind Sentinel, over Lettuce. */
	public static final Storage SENTINEL_LETTUCE = new Storage("SENTINEL_LETTUCE", TestSentinel::shared,
			Deployment::lettuceFactory);

	/** A Cluster of three nodes, over Jedis. */
	public static final Storage CLUSTER_JEDIS = new Storage("CLUSTER_JEDIS", TestCluster::shared,
			Deployment::jedisFactory);

	/** A Cluster of three nodes, over Lettuce. */
	public static final Storage CLUSTER_LETTUCE = new Storage("CLUSTER_LETTUCE", TestCluster::shared,
			Deployment::lettuceFactory);

	private final String name;

	private final Supplier<Deployment> deployment;

	private final Function<Deployment, RedisConnectionFactory> driver;

	private final MutableClock clock = new MutableClock(Instant.EPOCH);

	private @Nullable RedisBroker broker;

	private Storage(String name, Supplier<Deployment> deployment, Function<Deployment, RedisConnectionFactory> driver) {
		this.name = name;
		this.deployment = deployment;
		this.driver = driver;
	}

	/** Returns all storages. */
	public static List<Storage> all() {
		return List.of(JEDIS, LETTUCE, SENTINEL_JEDIS, SENTINEL_LETTUCE, CLUSTER_JEDIS, CLUSTER_LETTUCE);
	}

	/**
	 * Returns those that the usual build tests with: each Redis and each driver. Only the
	 * long run ({@code -Psoak}) has Sentinel over both drivers, which after finding the
	 * master do what they do with one server.
	 */
	public static List<Storage> usual() {
		return Boolean.getBoolean("taskqueue.soak") ? all()
				: all().stream().filter((storage) -> storage != SENTINEL_JEDIS).toList();
	}

	/** Returns whether Redis is a Cluster. */
	public boolean isCluster() {
		return this.name.startsWith("CLUSTER");
	}

	/** Returns whether Redis is behind Sentinel. */
	public boolean isSentinel() {
		return this.name.startsWith("SENTINEL");
	}

	/** Starts a Redis of this kind for one test, who closes it. */
	public Deployment start() {
		if (isCluster()) {
			return TestCluster.start(3);
		}
		return isSentinel() ? TestSentinel.start() : TestRedis.start();
	}

	/** Returns the shared Redis. */
	public Deployment redis() {
		return this.deployment.get();
	}

	/** Returns a connection factory of an application that uses another Redis. */
	public RedisConnectionFactory factory(Deployment redis) {
		return this.driver.apply(redis);
	}

	/** Returns a connection factory of an application. */
	public RedisConnectionFactory factory() {
		return factory(redis());
	}

	/** Returns the broker's clock. */
	public MutableClock clock() {
		return this.clock;
	}

	/** Returns the broker. */
	public synchronized RedisBroker broker() {
		RedisBroker started = this.broker;
		if (started == null) {
			started = broker(redis());
			this.broker = started;
		}
		return started;
	}

	/** Returns a new started broker of another Redis, with the same clock. */
	public RedisBroker broker(Deployment redis) {
		RedisBroker made = new RedisBroker(factory(redis), RedisOptions.STANDARD, this.clock);
		made.start("test");
		return made;
	}

	@Override
	public String toString() {
		return this.name;
	}

}
