package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class PushWatchTest {

	private static final Duration LONG = Duration.ofSeconds(5);

	@Parameter
	Driver driver;

	private TestRedis redis;

	private RedisConnections connections;

	private PushWatch watch;

	@BeforeEach
	void connect() {
		this.redis = TestRedis.start();
		this.connections = this.driver.connect(this.redis);
		this.watch = this.connections.watch("list".getBytes(StandardCharsets.UTF_8));
	}

	@AfterEach
	void disconnect() {
		this.connections.close();
		this.redis.close();
	}

	@Test
	void elementIsSeenAndStays() {
		push("a", "b");
		assertThat(this.watch.awaitPush(LONG)).isTrue();
		assertThat(this.watch.awaitPush(LONG)).isTrue();
		try (Jedis jedis = this.redis.jedis()) {
			assertThat(jedis.lrange("list", 0, -1)).containsExactly("b", "a");
		}
	}

	@Test
	void nothingIsSeenInTime() {
		assertThat(this.watch.awaitPush(Duration.ofMillis(50))).isFalse();
		assertThat(this.watch.awaitPush(Duration.ZERO)).isFalse();
	}

	@Test
	void pushWakes() throws Exception {
		for (int i = 0; i < 3; i++) {
			CompletableFuture<Boolean> woken = waiting(this.watch);
			long pushed = System.nanoTime();
			push("a");
			assertThat(woken.get(4, TimeUnit.SECONDS)).isTrue();
			assertThat(Duration.ofNanos(System.nanoTime() - pushed)).isLessThan(Duration.ofSeconds(1));
			try (Jedis jedis = this.redis.jedis()) {
				jedis.del("list");
			}
		}
	}

	@Test
	void watchesDoNotWaitForEachOther() throws Exception {
		CompletableFuture<Boolean> first = waiting(this.watch);
		try (PushWatch other = this.connections.watch("other".getBytes(StandardCharsets.UTF_8))) {
			assertThat(other.awaitPush(Duration.ofMillis(20))).isFalse();
		}
		push("a");
		assertThat(first.get(4, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void closingEndsTheWait() throws Exception {
		CompletableFuture<Boolean> woken = waiting(this.watch);
		long closed = System.nanoTime();
		this.watch.close();
		assertThat(woken.get(4, TimeUnit.SECONDS)).isFalse();
		assertThat(Duration.ofNanos(System.nanoTime() - closed)).isLessThan(Duration.ofSeconds(1));
		await().untilAsserted(() -> assertThat(blocked()).isZero());
		assertThat(this.watch.awaitPush(LONG)).isFalse();
	}

	@Test
	void closingEndsTheWaitOfAFrozenServer() throws Exception {
		CompletableFuture<Boolean> woken = waiting(this.watch);
		this.redis.freeze();
		try {
			this.watch.close();
			assertThat(woken.get(4, TimeUnit.SECONDS)).isFalse();
		}
		finally {
			this.redis.thaw();
		}
	}

	@Test
	void closingTheConnectionsEndsTheWait() throws Exception {
		CompletableFuture<Boolean> woken = waiting(this.watch);
		this.connections.close();
		assertThat(woken.get(4, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void deathOfTheServerEndsTheWait() throws Exception {
		CompletableFuture<Boolean> woken = waiting(this.watch);
		this.redis.kill();
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> woken.orTimeout(4, TimeUnit.SECONDS).join())
			.withCauseInstanceOf(TaskQueueUnavailableException.class);
		assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> this.watch.awaitPush(LONG))
			.withMessageContaining("cannot be reached")
			.withMessageContaining("BLMOVE");
		this.redis.restart();
		push("a");
		assertThat(this.watch.awaitPush(LONG)).isTrue();
	}

	@Test
	void silentServerIsNoticed() throws Exception {
		this.connections.close();
		this.connections = new RedisConnections(this.driver.factory(this.redis), 1, 1,
				new Timeouts(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMillis(500)));
		this.connections.start();
		PushWatch impatient = this.connections.watch("list".getBytes(StandardCharsets.UTF_8));
		assertThat(impatient.awaitPush(Duration.ofMillis(1))).isFalse();
		this.redis.freeze();
		try {
			long start = System.nanoTime();
			assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> impatient.awaitPush(LONG))
				.withMessageContaining("did not answer in time");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(900),
					Duration.ofSeconds(3));
		}
		finally {
			this.redis.thaw();
		}
		assertThat(impatient.awaitPush(Duration.ofMillis(10))).isFalse();
	}

	/** Waits in another thread, and returns when Redis knows the waiter. */
	private CompletableFuture<Boolean> waiting(PushWatch watch) {
		CompletableFuture<Boolean> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				result.complete(watch.awaitPush(LONG));
			}
			catch (RuntimeException ex) {
				result.completeExceptionally(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		await().untilAsserted(() -> assertThat(blocked()).isEqualTo(1));
		return result;
	}

	private long blocked() {
		try (Jedis jedis = this.redis.jedis()) {
			return jedis.info("clients").lines().filter((line) -> line.equals("blocked_clients:1")).count();
		}
	}

	private void push(String... values) {
		try (Jedis jedis = this.redis.jedis()) {
			jedis.lpush("list", values);
		}
	}

}
