package io.taskqueue.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

import org.springframework.data.redis.connection.RedisClusterConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A Redis Cluster of masters, between which the slots are divided evenly.
 */
public final class TestCluster implements AutoCloseable {

	private static final int SLOTS = 16384;

	private final List<TestRedis> nodes;

	private TestCluster(List<TestRedis> nodes) {
		this.nodes = nodes;
	}

	/** Starts a cluster and waits until it serves all slots. */
	public static TestCluster start(int masters) {
		List<TestRedis> nodes = new ArrayList<>();
		for (int i = 0; i < masters; i++) {
			nodes.add(TestRedis.start("--cluster-enabled", "yes", "--cluster-node-timeout", "2000"));
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
		for (TestRedis node : nodes) {
			try (Jedis jedis = node.jedis()) {
				await().atMost(Duration.ofSeconds(30))
					.untilAsserted(() -> assertThat(jedis.clusterInfo()).contains("cluster_state:ok",
							"cluster_known_nodes:" + masters));
			}
		}
		return new TestCluster(nodes);
	}

	/** Returns the masters. */
	public List<TestRedis> nodes() {
		return this.nodes;
	}

	/** Returns the node that serves a key. */
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

	/** Removes all keys and scripts. */
	public void flushAll() {
		this.nodes.forEach(TestRedis::flushAll);
	}

	/** Returns where the nodes are. */
	public RedisClusterConfiguration configuration() {
		return new RedisClusterConfiguration(
				this.nodes.stream().map((node) -> node.host() + ":" + node.port()).toList());
	}

	@Override
	public void close() {
		this.nodes.forEach(TestRedis::close);
	}

}
