package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.testing.Replicated;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The replica takes the master's place: scripts, renewals, waits and messages go there.
 */
@ParameterizedClass
@MethodSource("storages")
class FailoverTest {

	private static final boolean SOAK = Boolean.getBoolean("taskqueue.soak");

	/** From the new master's first command on; includes the pauses between tries. */
	private static final Duration SOON = Duration.ofSeconds(60);

	private static final Script COUNT = Script.of("count", "return redis.call('INCR', KEYS[1])");

	private static final String LIST = "{list}";

	private static final byte[] CHANNEL = bytes(LIST);

	private static final int WAITS = 2;

	@Parameter
	Storage storage;

	private Replicated redis;

	private RedisConnections connections;

	/** In the usual build those that the tests under load leave out. */
	static List<Storage> storages() {
		return SOAK ? Replicated.storages() : List.of(Storage.SENTINEL_LETTUCE, Storage.CLUSTER_JEDIS);
	}

	/** In the usual build the one that the tests under load leave out. */
	static List<Cause> causes() {
		return SOAK ? List.of(Cause.values()) : List.of(Cause.FROZEN);
	}

	private enum Cause {

		/** An operator asks for it. */
		PLANNED {
			@Override
			void happen(Replicated redis) {
				redis.failOver();
			}
		},
		/** The master's process dies. */
		KILLED {
			@Override
			void happen(Replicated redis) {
				redis.master().kill();
			}
		},
		/** The master falls silent. */
		FROZEN {
			@Override
			void happen(Replicated redis) {
				redis.master().freeze();
			}
		};

		abstract void happen(Replicated redis);

	}

	@BeforeEach
	void connect() {
		this.redis = Replicated.start(this.storage, LIST);
		this.connections = new RedisConnections(this.redis.factory(), 2, WAITS, Timeouts.defaults());
		this.connections.start();
	}

	@AfterEach
	void disconnect() {
		this.connections.close();
		this.redis.close();
	}

	@ParameterizedTest
	@MethodSource("causes")
	void everythingGoesToTheNewMaster(Cause cause) throws Exception {
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		try (PushWatch watch = this.connections.watch(bytes(LIST));
				Subscription subscription = this.connections.subscribe(List.of(CHANNEL),
						(channel, message) -> received.add(new String(message, StandardCharsets.UTF_8)))) {
			assertThat(subscription).isNotNull();
			assertThat(watch.awaitPush(Duration.ofMillis(20))).isFalse();
			count(this.connections.scripts());
			count(this.connections.leases());
			Thread waiting = new Thread(() -> waitQuietly(watch));
			waiting.start();
			await().atMost(SOON).untilAsserted(() -> {
				try (Jedis jedis = this.redis.master().jedis()) {
					assertThat(jedis.info("clients")).contains("blocked_clients:1");
				}
			});

			cause.happen(this.redis);
			this.redis.awaitReplaced();

			await().atMost(SOON).ignoreException(TaskQueueUnavailableException.class).until(() -> {
				count(this.connections.scripts());
				count(this.connections.leases());
				return true;
			});
			waiting.join(Timeouts.defaults().answer().toMillis() + SOON.toMillis());
			assertThat(waiting.isAlive()).isFalse();
			assertWoken(watch);
			assertHeard(received);
		}
		// No connection was lost on the way
		for (int i = 0; i < WAITS + 1; i++) {
			try (PushWatch watch = this.connections.watch(bytes(LIST))) {
				assertWoken(watch);
			}
		}
	}

	private void assertWoken(PushWatch watch) {
		TestRedis master = this.redis.replica();
		try (Jedis jedis = master.jedis()) {
			jedis.rpush(LIST, "element");
		}
		await().atMost(SOON)
			.ignoreException(TaskQueueUnavailableException.class)
			.until(() -> watch.awaitPush(Duration.ofMillis(100)));
		try (Jedis jedis = master.jedis()) {
			jedis.del(LIST);
		}
	}

	private void assertHeard(BlockingQueue<String> received) {
		await().atMost(SOON).until(() -> {
			try (Jedis jedis = this.redis.replica().jedis()) {
				jedis.publish(LIST, "hello");
			}
			return received.contains("hello");
		});
	}

	private static void waitQuietly(PushWatch watch) {
		try {
			watch.awaitPush(Timeouts.defaults().block());
		}
		catch (TaskQueueUnavailableException ex) {
			// That is what it should do
		}
	}

	private static void count(RedisPort port) {
		port.eval(COUNT, List.of(bytes("{list}:count")), List.of());
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
