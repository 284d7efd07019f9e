package io.taskqueue.runtime;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.testing.Deployment;
import io.taskqueue.testing.FaultyProxy;
import io.taskqueue.testing.FaultyProxy.Fault;
import io.taskqueue.testing.TestCluster;
import io.taskqueue.testing.TestRedis;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

import static org.awaitility.Awaitility.await;

/**
 * The drivers, with a server and with a cluster, and the ways in which replies are lost.
 */
enum Losing {

	JEDIS_CLOSED(Fault.CLOSE), JEDIS_SILENT(Fault.SILENCE), LETTUCE_CLOSED(Fault.CLOSE), LETTUCE_SILENT(Fault.SILENCE),

	JEDIS_CLUSTER_CLOSED(Fault.CLOSE), JEDIS_CLUSTER_SILENT(Fault.SILENCE), LETTUCE_CLUSTER_CLOSED(Fault.CLOSE),

	LETTUCE_CLUSTER_SILENT(Fault.SILENCE);

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static @Nullable TestCluster cluster;

	private final Fault fault;

	Losing(Fault fault) {
		this.fault = fault;
	}

	/**
	 * Returns those that the usual build tests with; only the long run waits in vain for
	 * a cluster as well.
	 */
	static List<Losing> usual() {
		return Arrays.stream(values())
			.filter((losing) -> Boolean.getBoolean("taskqueue.soak") || !losing.isCluster()
					|| losing.fault == Fault.CLOSE)
			.toList();
	}

	/** Returns the Redis that all tests of this JVM share. */
	Deployment redis() {
		return isCluster() ? cluster() : TestRedis.shared();
	}

	/**
	 * Returns how long to wait for an answer: not long where nothing but time tells that
	 * it is lost.
	 */
	Duration timeout(Duration silence) {
		return (this.fault == Fault.SILENCE) ? silence : Duration.ofSeconds(5);
	}

	boolean isCluster() {
		return name().contains("CLUSTER");
	}

	private static synchronized TestCluster cluster() {
		TestCluster started = cluster;
		if (started == null) {
			started = TestCluster.startAnnouncing(3);
			cluster = started;
		}
		return started;
	}

	FaultyProxy proxy() {
		return isCluster() ? new FaultyProxy(cluster(), this.fault) : new FaultyProxy(TestRedis.shared(), this.fault);
	}

	/**
	 * Connects, and tries again if it takes longer than the time-out: then the machine is
	 * busy.
	 * @param timeout of commands; a short one, so that silence is soon noticed
	 */
	TaskQueue connect(FaultyProxy proxy, Duration timeout) {
		TaskQueueOptions standard = TaskQueueOptions.standard("test");
		TaskQueueOptions options = new TaskQueueOptions(standard.namespace(), standard.connections(),
				standard.connectTimeout(), timeout, standard.archiveSize(), standard.archiveAge(), standard.queues());
		try {
			RedisConnectionFactory factory = factory(proxy);
			return await().atMost(PATIENCE)
				.ignoreException(TaskQueueUnavailableException.class)
				.until(() -> TaskQueue.connect(factory, options), (connected) -> true);
		}
		catch (RuntimeException ex) {
			// The port is needed again
			proxy.close();
			throw ex;
		}
	}

	private RedisConnectionFactory factory(FaultyProxy proxy) {
		boolean jedis = name().startsWith("JEDIS");
		if (isCluster()) {
			return jedis ? cluster().jedisFactory() : cluster().lettuceFactory();
		}
		TestRedis redis = TestRedis.shared();
		RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(redis.host(), proxy.port());
		return jedis ? redis.jedisFactory(configuration) : redis.lettuceFactory(configuration);
	}

}
