package io.taskqueue.testing;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A master and its replica, watched by a Sentinel that takes half a second of silence for
 * a death.
 */
public final class TestSentinel implements Deployment {

	private static final String MASTER = "main";

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private static @Nullable TestSentinel shared;

	private final List<TestRedis> nodes;

	private final TestRedis sentinel;

	private TestSentinel(List<TestRedis> nodes, TestRedis sentinel) {
		this.nodes = nodes;
		this.sentinel = sentinel;
	}

	/**
	 * Returns the set-up that all tests of this JVM share, started on first use. It keeps
	 * nothing on disk. Never change or close it, and {@link #flushAll()} before each
	 * test.
	 */
	public static synchronized TestSentinel shared() {
		TestSentinel made = shared;
		if (made == null) {
			made = start("--appendonly", "no");
			shared = made;
		}
		return made;
	}

	/**
	 * Starts all three and waits until the master could be replaced.
	 * @param config further arguments of the two servers
	 */
	public static TestSentinel start(String... config) {
		TestRedis master = TestRedis.start(config);
		TestRedis replica = TestRedis.start(config);
		try (Jedis jedis = replica.jedis()) {
			jedis.replicaof(master.host(), master.port());
			// A replica ranks only once it has a link
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(jedis.info("replication")).contains("master_link_status:up"));
		}
		TestRedis sentinel = TestRedis.startSentinel(master);
		try (Jedis jedis = sentinel.jedis()) {
			// Its first look may have been too early for it to see the link
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(jedis.sentinelReplicas(MASTER)).singleElement()
					.satisfies((seen) -> assertThat(seen).containsEntry("master-link-status", "ok")
						.containsEntry("flags", "slave")));
		}
		return new TestSentinel(List.of(master, replica), sentinel);
	}

	/** Returns the server that was the master at first, then its replica. */
	public List<TestRedis> nodes() {
		return this.nodes;
	}

	/** Returns whom Sentinel calls the master. */
	public TestRedis master() {
		try (Jedis jedis = this.sentinel.jedis()) {
			HostAndPort address = HostAndPort.from(String.join(":", jedis.sentinelGetMasterAddrByName(MASTER)));
			return this.nodes.stream().filter((node) -> node.port() == address.getPort()).findFirst().orElseThrow();
		}
	}

	/** Returns the one that is not the master. */
	public TestRedis replica() {
		TestRedis master = master();
		return this.nodes.stream().filter((node) -> node != master).findFirst().orElseThrow();
	}

	/** Has Sentinel make the replica the master; does not wait. */
	public void failOver() {
		try (Jedis jedis = this.sentinel.jedis()) {
			jedis.sentinelFailover(MASTER);
		}
	}

	/** Waits until Sentinel has made a server the master. */
	public void awaitMaster(TestRedis node) {
		await().atMost(PATIENCE).until(() -> master() == node);
	}

	/** Returns where the Sentinel is. */
	public RedisSentinelConfiguration configuration() {
		return new RedisSentinelConfiguration(MASTER, Set.of(this.sentinel.host() + ":" + this.sentinel.port()));
	}

	@Override
	public RedisConnectionFactory jedisFactory() {
		return new JedisConnectionFactory(configuration());
	}

	@Override
	public RedisConnectionFactory lettuceFactory() {
		return new LettuceConnectionFactory(configuration());
	}

	@Override
	public List<TestRedis> masters() {
		return List.of(master());
	}

	@Override
	public Jedis jedis() {
		return master().jedis();
	}

	@Override
	public void close() {
		this.sentinel.close();
		this.nodes.forEach(TestRedis::close);
	}

}
