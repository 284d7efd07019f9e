package io.taskqueue.testing;

import java.util.List;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * A Redis of a test's own in which the server of one key has a replica that can take its
 * place: behind Sentinel, or as one of three masters of a Cluster.
 */
public final class Replicated implements AutoCloseable {

	private final Storage storage;

	private final Deployment deployment;

	private final String key;

	private final TestRedis master;

	private final TestRedis replica;

	private final Runnable failOver;

	private final Runnable awaitReplaced;

	private Replicated(Storage storage, TestSentinel sentinel, String key) {
		this.storage = storage;
		this.key = key;
		this.deployment = sentinel;
		this.master = sentinel.master();
		this.replica = sentinel.replica();
		this.failOver = sentinel::failOver;
		this.awaitReplaced = () -> sentinel.awaitMaster(this.replica);
	}

	private Replicated(Storage storage, TestCluster cluster, String key, String... config) {
		this.storage = storage;
		this.key = key;
		this.deployment = cluster;
		this.master = cluster.nodeOf(key);
		this.replica = cluster.addReplica(this.master, config);
		this.failOver = () -> cluster.failOver(this.replica);
		this.awaitReplaced = () -> cluster.awaitMasterOf(key, this.replica);
	}

	/**
	 * Starts.
	 * @param storage which kind of Redis, and the driver
	 * @param key the key
	 * @param config further arguments of the servers
	 */
	public static Replicated start(Storage storage, String key, String... config) {
		return storage.isCluster() ? new Replicated(storage, TestCluster.start(3, (node) -> config), key, config)
				: new Replicated(storage, TestSentinel.start(config), key);
	}

	/** Returns the storages that have replicas. */
	public static List<Storage> storages() {
		return List.of(Storage.SENTINEL_JEDIS, Storage.CLUSTER_JEDIS, Storage.SENTINEL_LETTUCE,
				Storage.CLUSTER_LETTUCE);
	}

	/** Returns all of it. */
	public Deployment deployment() {
		return this.deployment;
	}

	/** Returns a connection factory of an application. */
	public RedisConnectionFactory factory() {
		return this.storage.factory(this.deployment);
	}

	/** Returns the server that has the key at first. */
	public TestRedis master() {
		return this.master;
	}

	/** Returns the server that is its replica at first. */
	public TestRedis replica() {
		return this.replica;
	}

	/** Has the replica take the master's place, as an operator does it; does not wait. */
	public void failOver() {
		this.failOver.run();
	}

	/** Waits until the replica has taken the master's place. */
	public void awaitReplaced() {
		this.awaitReplaced.run();
	}

	/**
	 * Ends replication, as a network does that parts the two and nobody else: the master
	 * goes on, and does not know that nothing arrives any more.
	 */
	public void partReplica() {
		try (Jedis replica = this.replica.jedis(); Jedis master = this.master.jedis()) {
			// It cannot come back with a password that the master does not have
			replica.configSet("masterauth", "wrong");
			master.clientKill(new ClientKillParams().type(ClientType.REPLICA));
		}
	}

	/** Makes the master refuse writes while it has no replica. */
	public void requireReplica() {
		try (Jedis jedis = this.master.jedis()) {
			jedis.configSet("min-replicas-max-lag", "1");
			jedis.configSet("min-replicas-to-write", "1");
		}
	}

	/** Compares from now on what the two write. */
	public ReplicationLog log() {
		return new ReplicationLog(this.master, this.replica, this.key);
	}

	@Override
	public void close() {
		this.deployment.close();
	}

}
