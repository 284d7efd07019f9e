package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.ClientType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class SubscriptionTest {

	private static final Pace QUICK = new Pace(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMillis(20),
			Duration.ofMillis(100));

	@Parameter
	Driver driver;

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	private TestRedis redis;

	private RedisConnections connections;

	@BeforeEach
	void connect() {
		this.redis = TestRedis.start();
		this.connections = this.driver.connect(this.redis);
	}

	@AfterEach
	void disconnect() {
		this.connections.close();
		this.redis.close();
	}

	@Test
	void messagesArriveInOrder() throws Exception {
		try (Subscription subscription = subscribe()) {
			awaitSubscribed();
			for (int i = 0; i < 100; i++) {
				publish((i % 2 == 0) ? "one" : "two", "m" + i);
			}
			for (int i = 0; i < 100; i++) {
				assertThat(this.received.poll(5, TimeUnit.SECONDS)).isEqualTo(((i % 2 == 0) ? "one:m" : "two:m") + i);
			}
			assertThat(subscription).isNotNull();
		}
	}

	@Test
	void restartIsSurvived() throws Exception {
		try (Subscription subscription = subscribe()) {
			awaitSubscribed();
			this.redis.kill();
			this.redis.restart();
			awaitSubscribed();
			publish("one", "again");
			assertThat(this.received.poll(5, TimeUnit.SECONDS)).isEqualTo("one:again");
			assertThat(subscription).isNotNull();
		}
	}

	@Test
	void subscriptionMayPrecedeTheServer() throws Exception {
		this.redis.kill();
		try (Subscription subscription = subscribe()) {
			this.redis.restart();
			awaitSubscribed();
			publish("two", "hello");
			assertThat(this.received.poll(5, TimeUnit.SECONDS)).isEqualTo("two:hello");
			assertThat(subscription).isNotNull();
		}
	}

	@Test
	void killedConnectionIsReplaced() {
		try (Subscription subscription = subscribe(); Jedis jedis = this.redis.jedis()) {
			awaitSubscribed();
			String before = subscriber(jedis);
			jedis.sendCommand(Protocol.Command.CLIENT, "KILL", "TYPE", "pubsub");
			await().untilAsserted(() -> assertThat(subscriber(jedis)).isNotEmpty().isNotEqualTo(before));
			assertThat(subscription).isNotNull();
		}
	}

	@Test
	void missingPermissionIsTriedAgain() throws Exception {
		try (Jedis jedis = this.redis.jedis()) {
			jedis.aclSetUser("default", "resetchannels");
			try (Subscription subscription = subscribe()) {
				await().untilAsserted(() -> assertThat(jedis.aclLog()).isNotEmpty());
				jedis.aclSetUser("default", "allchannels");
				awaitSubscribed();
				publish("one", "allowed");
				assertThat(this.received.poll(5, TimeUnit.SECONDS)).isEqualTo("one:allowed");
				assertThat(subscription).isNotNull();
			}
		}
	}

	@Test
	void failingCallbackHarmsNobody() throws Exception {
		try (Subscription subscription = this.connections.subscribe(List.of(bytes("one"), bytes("two")),
				(channel, message) -> {
					this.received.add(text(message));
					throw new IllegalStateException("Expected by the test");
				})) {
			awaitSubscribed();
			publish("one", "a");
			publish("one", "b");
			assertThat(this.received.poll(5, TimeUnit.SECONDS)).isEqualTo("a");
			assertThat(this.received.poll(5, TimeUnit.SECONDS)).isEqualTo("b");
			assertThat(subscription).isNotNull();
		}
	}

	@Test
	void closingEndsTheSubscriptionSoon() {
		Subscription subscription = subscribe();
		awaitSubscribed();
		long start = System.nanoTime();
		subscription.close();
		subscription.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
		try (Jedis jedis = this.redis.jedis()) {
			await().untilAsserted(() -> assertThat(jedis.pubsubChannels()).isEmpty());
		}
	}

	@Test
	void closingEndsTheSubscriptionAtAFrozenServer() {
		Subscription subscription = subscribe();
		awaitSubscribed();
		this.redis.freeze();
		try {
			long start = System.nanoTime();
			subscription.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
		}
		finally {
			this.redis.thaw();
		}
	}

	@Test
	void deadConnectionIsNoticed() throws Exception {
		try (TestRedis elsewhere = TestRedis.start(); RedisConnections others = this.driver.connect(elsewhere)) {
			// Pings go elsewhere, so that none arrives
			CountDownLatch connected = new CountDownLatch(3);
			Link link = RedisConnections.derive(this.driver.factory(this.redis),
					new Demand(Demand.Use.MESSAGES, 2, Timeouts.defaults()));
			link.start();
			Link counting = new CountingLink(link, connected);
			try (Subscription subscription = new Subscription(counting, others.scripts(), List.of(bytes("one")),
					(channel, message) -> {
					}, QUICK, (closed) -> {
					})) {
				subscription.start();
				assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();
			}
			finally {
				link.stop();
			}
		}
	}

	@Test
	void liveConnectionIsKept() throws Exception {
		Link link = RedisConnections.derive(this.driver.factory(this.redis),
				new Demand(Demand.Use.MESSAGES, 2, Timeouts.defaults()));
		link.start();
		CountDownLatch connectedTwice = new CountDownLatch(2);
		try (Subscription subscription = new Subscription(new CountingLink(link, connectedTwice),
				this.connections.scripts(), List.of(bytes("one")), (channel, message) -> {
				}, QUICK, (closed) -> {
				})) {
			subscription.start();
			assertThat(connectedTwice.await(2, TimeUnit.SECONDS)).isFalse();
			assertThat(connectedTwice.getCount()).isEqualTo(1);
		}
		finally {
			link.stop();
		}
	}

	private Subscription subscribe() {
		return this.connections.subscribe(List.of(bytes("one"), bytes("two")),
				(channel, message) -> this.received.add(text(channel) + ":" + text(message)));
	}

	private void awaitSubscribed() {
		try (Jedis jedis = this.redis.jedis()) {
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(jedis.pubsubNumSub("one", "two").values()).containsOnly(1L));
		}
	}

	private static String subscriber(Jedis jedis) {
		return jedis.clientList(ClientType.PUBSUB).lines().map((line) -> line.split(" ")[0]).findFirst().orElse("");
	}

	private void publish(String channel, String message) {
		try (Jedis jedis = this.redis.jedis()) {
			jedis.publish(channel, message);
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
