package io.taskqueue.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.params.MigrateParams;
import redis.clients.jedis.util.JedisClusterCRC16;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A Redis Cluster, between whose masters the slots are divided evenly. A node that is
 * silent for two seconds is taken for dead.
 */
public final class TestCluster implements Deployment {

	private static final int SLOTS = 16384;

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private static @Nullable TestCluster shared;

	private final List<TestRedis> nodes;

	private final Map<TestRedis, Integer> announcedPorts = new HashMap<>();

	private TestCluster(List<TestRedis> nodes) {
		this.nodes = nodes;
	}

	/**
	 * Returns the three masters that all tests of this JVM share, started on first use.
	 * It keeps nothing on disk. Never change or close it, and {@link #flushAll()} before
	 * each test.
	 */
	public static synchronized TestCluster shared() {
		TestCluster made = shared;
		if (made == null) {
			made = start(3, (node) -> new String[] { "--appendonly", "no" });
			shared = made;
		}
		return made;
	}

	/** Starts a cluster without replicas and waits until it serves all slots. */
	public static TestCluster start(int masters) {
		return start(masters, (node) -> new String[0]);
	}

	/**
	 * Starts a cluster without replicas and waits until it serves all slots.
	 * @param config further arguments of each node, counted from 0
	 */
	public static TestCluster start(int masters, IntFunction<String[]> config) {
		List<TestRedis> nodes = new ArrayList<>();
		for (int i = 0; i < masters; i++) {
			nodes.add(node(config.apply(i)));
		}
		for (int i = 0; i < masters; i++) {
			try (Jedis jedis = nodes.get(i).jedis()) {
				int from = SLOTS * i / masters;
				int[] slots = new int[SLOTS * (i + 1) / masters - from];
				for (int slot = 0; slot < slots.length; slot++) {
					slots[slot] = from + slot;
				}
				jedis.clusterAddSlots(slots);
				jedis.clusterMeet(nodes.get(0).host(), nodes.get(0).port());
			}
		}
		TestCluster cluster = new TestCluster(nodes);
		cluster.awaitComplete();
		return cluster;
	}

	/**
	 * Starts a cluster that names to its users other ports than its own. Nobody listens
	 * there yet.
	 */
	public static TestCluster startAnnouncing(int masters) {
		List<Integer> ports = Stream.generate(TestRedis::freePort).distinct().limit(masters).toList();
		TestCluster cluster = start(masters, (node) -> new String[] { "--appendonly", "no", "--cluster-announce-port",
				String.valueOf(ports.get(node)) });
		for (int i = 0; i < masters; i++) {
			cluster.announcedPorts.put(cluster.nodes.get(i), ports.get(i));
		}
		return cluster;
	}

	/** Returns the port that a node names to its users. */
	public int announcedPort(TestRedis node) {
		return this.announcedPorts.getOrDefault(node, node.port());
	}

	private static TestRedis node(String... config) {
		List<String> all = new ArrayList<>(List.of("--cluster-enabled", "yes", "--cluster-node-timeout", "2000"));
		all.addAll(List.of(config));
		return TestRedis.start(all.toArray(String[]::new));
	}

	private void awaitComplete() {
		for (TestRedis node : this.nodes) {
			try (Jedis jedis = node.jedis()) {
				await().atMost(PATIENCE)
					.untilAsserted(() -> assertThat(jedis.clusterInfo()).contains("cluster_state:ok",
							"cluster_known_nodes:" + this.nodes.size()));
			}
		}
	}

	/**
	 * Adds a replica and waits until it could replace its master.
	 * @param config further arguments of the replica
	 */
	public TestRedis addReplica(TestRedis master, String... config) {
		TestRedis replica = node(config);
		this.nodes.add(replica);
		try (Jedis jedis = replica.jedis()) {
			jedis.clusterMeet(master.host(), master.port());
			awaitComplete();
			jedis.clusterReplicate(id(master));
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(jedis.info("replication")).contains("master_link_status:up"));
			String entry = id(replica) + " .* slave .*";
			for (TestRedis node : this.nodes) {
				try (Jedis other = node.jedis()) {
					await().atMost(PATIENCE)
						.until(() -> other.clusterNodes()
							.lines()
							.anyMatch((line) -> line.replace("myself,", "").matches(entry)));
				}
			}
		}
		return replica;
	}

	/** Makes a replica the master, after its master has given it everything. */
	public void failOver(TestRedis replica) {
		try (Jedis jedis = replica.jedis()) {
			jedis.clusterFailover();
		}
	}

	/** Waits until a server serves a key. */
	public void awaitMasterOf(String key, TestRedis node) {
		await().atMost(PATIENCE).ignoreExceptions().until(() -> {
			try (Jedis jedis = node.jedis()) {
				jedis.exists(key);
				return jedis.info("replication").contains("role:master");
			}
		});
	}

	/** Returns all nodes, replicas too. */
	public List<TestRedis> nodes() {
		return this.nodes;
	}

	@Override
	public TestRedis nodeOf(String key) {
		for (TestRedis node : this.nodes) {
			try (Jedis jedis = node.jedis()) {
				jedis.exists(key);
				return node;
			}
			catch (JedisMovedDataException ex) {
				// Not this one
			}
		}
		throw new IllegalStateException("No node serves " + key);
	}

	/** Gives the slot of a key, which must not exist, to another node. */
	public void move(String key, TestRedis to) {
		int slot = JedisClusterCRC16.getSlot(key);
		String id;
		try (Jedis jedis = to.jedis()) {
			id = jedis.clusterMyId();
			jedis.clusterSetSlotNode(slot, id);
			jedis.clusterBumpEpoch();
		}
		for (TestRedis node : this.nodes) {
			try (Jedis jedis = node.jedis()) {
				jedis.clusterSetSlotNode(slot, id);
			}
		}
	}

	/**
	 * Begins to move a slot as Redis's own tools do it: from now on the target takes what
	 * the source does not have.
	 */
	public void beginMigration(int slot, TestRedis from, TestRedis to) {
		at(to, (jedis) -> jedis.clusterSetSlotImporting(slot, id(from)));
		at(from, (jedis) -> jedis.clusterSetSlotMigrating(slot, id(to)));
	}

	/**
	 * Moves some keys of a slot; fails if the target has one of them already, for then
	 * data would be lost.
	 * @return how many keys were left before
	 */
	public int migrate(int slot, int count, TestRedis from, TestRedis to) {
		try (Jedis jedis = from.jedis()) {
			List<String> keys = jedis.clusterGetKeysInSlot(slot, count);
			if (!keys.isEmpty()) {
				jedis.migrate(to.host(), to.port(), 5000, new MigrateParams(), keys.toArray(String[]::new));
			}
			return keys.size();
		}
	}

	/** Ends the move of a slot. */
	public void endMigration(int slot, TestRedis to) {
		at(to, (jedis) -> jedis.clusterSetSlotNode(slot, id(to)));
		masters().forEach((node) -> at(node, (jedis) -> jedis.clusterSetSlotNode(slot, id(to))));
	}

	private static void at(TestRedis node, Consumer<Jedis> command) {
		try (Jedis jedis = node.jedis()) {
			command.accept(jedis);
		}
	}

	private static String id(TestRedis node) {
		try (Jedis jedis = node.jedis()) {
			return jedis.clusterMyId();
		}
	}

	/** Returns where the nodes are. */
	public RedisClusterConfiguration configuration() {
		return new RedisClusterConfiguration(
				this.nodes.stream().map((node) -> node.host() + ":" + announcedPort(node)).toList());
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
		return this.nodes.stream().filter(TestRedis::isMaster).toList();
	}

	@Override
	public Jedis jedis() {
		List<TestRedis> masters = masters();
		return new Jedis(new ClusterConnection(masters)) {
			@Override
			public Set<String> keys(String pattern) {
				Set<String> keys = new HashSet<>();
				for (TestRedis master : masters) {
					try (Jedis jedis = master.jedis()) {
						keys.addAll(jedis.keys(pattern));
					}
				}
				return keys;
			}
		};
	}

	@Override
	public void close() {
		this.nodes.forEach(TestRedis::close);
	}

}
