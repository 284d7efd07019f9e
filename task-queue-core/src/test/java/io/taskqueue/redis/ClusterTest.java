package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.EnqueueBroker;
import io.taskqueue.broker.Lane;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.TestCluster;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.testing.TestTask;
import io.taskqueue.wire.Keys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisClusterCRC16;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class ClusterTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final List<String> QUEUES = List.of("{a}", "{b}", "{c}", "{d}", "{e}", "{f}");

	private static TestCluster cluster;

	@Parameter
	Driver driver;

	private RedisConnections connections;

	@BeforeAll
	static void start() {
		cluster = TestCluster.start(3);
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@BeforeEach
	void connect() {
		cluster.flushAll();
		this.connections = new RedisConnections(application(), 2, 8, Timeouts.defaults());
		this.connections.start();
	}

	private RedisConnectionFactory application() {
		return (this.driver == Driver.JEDIS) ? cluster.jedisFactory() : cluster.lettuceFactory();
	}

	@AfterEach
	void disconnect() {
		this.connections.close();
	}

	@Test
	@Scenario(67)
	void scriptsGoToTheNodeOfTheirKey() {
		Script count = Script.of("count", "return redis.call('INCR', KEYS[1])");
		for (String queue : QUEUES) {
			assertThat(eval(count, queue)).isEqualTo(1L);
			try (Jedis jedis = cluster.nodeOf(queue).jedis()) {
				assertThat(jedis.get(queue)).isEqualTo("1");
				jedis.scriptFlush();
			}
			assertThat(eval(count, queue)).isEqualTo(2L);
		}
	}

	@Test
	@Scenario(67)
	void scriptsFollowASlotThatMoves() {
		Script count = Script.of("count", "return redis.call('INCR', KEYS[1])");
		String key = "{moving}";
		assertThat(eval(count, key)).isEqualTo(1L);
		TestRedis from = cluster.nodeOf(key);
		TestRedis to = other(from);
		try (Jedis jedis = from.jedis()) {
			jedis.del(key);
		}
		cluster.move(key, to);
		assertThat(eval(count, key)).isEqualTo(1L);
		try (Jedis jedis = to.jedis()) {
			assertThat(jedis.get(key)).isEqualTo("1");
		}
	}

	/**
	 * While only some of a queue's keys have been moved, nobody may work on either part.
	 */
	@Test
	void queueThatMovesIsLeftAloneUntilAllOfItHasMoved() {
		String queue = "migrating";
		String prefix = Keys.queue(queue);
		int slot = JedisClusterCRC16.getSlot(prefix);
		TestRedis from = cluster.nodeOf(prefix);
		TestRedis to = other(from);
		Lane lane = new Lane();
		try (RedisBroker broker = new RedisBroker(application(), RedisOptions.STANDARD, Clock.systemUTC())) {
			broker.start("test");
			enqueue(broker, lane, queue, "a");
			enqueue(broker, lane, queue, "b");
			cluster.beginMigration(slot, from, to);
			int left;
			do {
				assertThatExceptionOfType(TaskQueueUnavailableException.class)
					.isThrownBy(() -> enqueue(broker, lane, queue, "c"));
				assertThatExceptionOfType(TaskQueueUnavailableException.class)
					.isThrownBy(() -> broker.work().fetch(queue, lane.next(), "host:1:owner", 1, 1));
				left = cluster.migrate(slot, 1, from, to);
			}
			while (left > 0);
			cluster.endMigration(slot, to);
			enqueue(broker, lane, queue, "c");
			assertThat(broker.work().fetch(queue, lane.next(), "host:1:owner", 5, 1).deliveries())
				.extracting(Delivery::id)
				.containsExactly("a", "b", "c");
		}
	}

	private static void enqueue(RedisBroker broker, Lane lane, String queue, String id) {
		broker.enqueue()
			.enqueue(queue, lane.next(), List.of(new EnqueueBroker.Command(id,
					new TestTask(queue, id).message().encode(), null, OnConflict.FAIL, "", 0)));
	}

	@Test
	@Scenario(67)
	void keysOfTwoSlotsAreRefused() {
		Script script = Script.of("two", "return 1");
		assertThatExceptionOfType(TaskQueueRefusedException.class)
			.isThrownBy(() -> this.connections.scripts().eval(script, List.of(bytes("a"), bytes("b")), List.of()));
	}

	@Test
	@Scenario(67)
	void watchesWaitAtTheNodeOfTheirList() throws Exception {
		for (String queue : QUEUES) {
			try (PushWatch watch = this.connections.watch(bytes(queue))) {
				assertThat(watch.awaitPush(Duration.ofMillis(20))).isFalse();
				CompletableFuture<Boolean> woken = waiting(watch, cluster.nodeOf(queue));
				try (Jedis jedis = cluster.nodeOf(queue).jedis()) {
					jedis.lpush(queue, "element");
				}
				assertThat(woken.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
			}
		}
	}

	@Test
	void closingEndsTheWait() throws Exception {
		PushWatch watch = this.connections.watch(bytes("{a}"));
		CompletableFuture<Boolean> woken = waiting(watch, cluster.nodeOf("{a}"));
		watch.close();
		assertThat(woken.get(PATIENCE.toSeconds() / 2, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void watchFollowsASlotThatMoves() {
		String key = "{wandering}";
		try (PushWatch watch = this.connections.watch(bytes(key))) {
			assertThat(watch.awaitPush(Duration.ofMillis(20))).isFalse();
			TestRedis to = other(cluster.nodeOf(key));
			cluster.move(key, to);
			try (Jedis jedis = to.jedis()) {
				jedis.lpush(key, "element");
			}
			await().ignoreException(TaskQueueUnavailableException.class)
				.until(() -> watch.awaitPush(Duration.ofMillis(100)));
		}
	}

	@Test
	@Scenario(67)
	void messagesOfAllNodesArrive() throws Exception {
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		try (Subscription subscription = this.connections.subscribe(List.of(bytes("channel")),
				(channel, message) -> received.add(new String(message, StandardCharsets.UTF_8)))) {
			await().until(() -> subscribers() == 1);
			for (TestRedis node : cluster.nodes()) {
				try (Jedis jedis = node.jedis()) {
					jedis.publish("channel", "from " + node.port());
				}
				assertThat(received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("from " + node.port());
			}
			this.connections.scripts().publish(bytes("channel"), bytes("from us"));
			assertThat(received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("from us");
			assertThat(subscription).isNotNull();
		}
		await().until(() -> subscribers() == 0);
	}

	@Test
	void readsAndInfoWork() {
		RedisPort port = this.connections.scripts();
		for (String queue : QUEUES) {
			port.sadd(bytes(queue), bytes("x"));
			assertThat(port.exists(bytes(queue))).isTrue();
			assertThat(port.smembers(bytes(queue))).hasSize(1);
			port.zadd(bytes(queue + ":z"), 1, bytes("y"));
			assertThat(port.zrangeByScore(bytes(queue + ":z"), 0, 2)).hasSize(1);
			assertThat(port.get(bytes(queue + ":none"))).isNull();
		}
		port.ping();
		assertThat(port.info("server")).hasSize(3)
			.allSatisfy((node, section) -> assertThat(section).containsKey("redis_version"));
	}

	private Object eval(Script script, String key) {
		return this.connections.scripts().eval(script, List.of(bytes(key)), List.of());
	}

	private static TestRedis other(TestRedis node) {
		return cluster.nodes().stream().filter((candidate) -> candidate != node).findFirst().orElseThrow();
	}

	private static long subscribers() {
		long subscribers = 0;
		for (TestRedis node : cluster.nodes()) {
			try (Jedis jedis = node.jedis()) {
				subscribers += jedis.pubsubNumSub("channel").get("channel");
			}
		}
		return subscribers;
	}

	private static CompletableFuture<Boolean> waiting(PushWatch watch, TestRedis node) {
		CompletableFuture<Boolean> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				result.complete(watch.awaitPush(PATIENCE));
			}
			catch (RuntimeException ex) {
				result.completeExceptionally(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		try (Jedis jedis = node.jedis()) {
			await().untilAsserted(() -> assertThat(jedis.info("clients")).contains("blocked_clients:1"));
		}
		return result;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
