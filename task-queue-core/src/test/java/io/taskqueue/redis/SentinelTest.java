package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
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

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class SentinelTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Script COUNT = Script.of("count", "return redis.call('INCR', KEYS[1])");

	private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);

	@Parameter
	Driver driver;

	private TestRedis master;

	private TestRedis sentinel;

	private RedisConnections connections;

	@BeforeEach
	void connect() {
		this.master = TestRedis.start();
		this.sentinel = TestRedis.startSentinel(this.master);
		this.connections = new RedisConnections(application(), 4, 2, Timeouts.defaults());
		this.connections.start();
	}

	@AfterEach
	void disconnect() {
		this.connections.close();
		this.sentinel.close();
		this.master.close();
	}

	@Test
	void masterIsFound() throws Exception {
		assertThat(count(COUNT)).isEqualTo(1L);
		assertThat(this.connections.scripts().address()).contains("main", String.valueOf(this.sentinel.port()));
		byte[] list = "list".getBytes(StandardCharsets.UTF_8);
		try (PushWatch watch = this.connections.watch(list); Jedis jedis = this.master.jedis()) {
			assertThat(watch.awaitPush(Duration.ofMillis(20))).isFalse();
			jedis.lpush(list, list);
			assertThat(watch.awaitPush(PATIENCE)).isTrue();
		}
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		try (Subscription subscription = this.connections.subscribe(List.of(KEY),
				(channel, message) -> received.add(new String(message, StandardCharsets.UTF_8)));
				Jedis jedis = this.master.jedis()) {
			await().atMost(PATIENCE).until(() -> jedis.publish("key", "hello") == 1);
			assertThat(received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("hello");
			assertThat(subscription).isNotNull();
		}
	}

	@Test
	void closedWatchesGiveTheirConnectionsBack() {
		for (int i = 0; i < 10; i++) {
			try (PushWatch watch = this.connections.watch(KEY)) {
				assertThat(watch.awaitPush(Duration.ofMillis(20))).isFalse();
			}
		}
	}

	@Test
	void restartBetweenCallsCostsAtMostOneOfThem() {
		this.connections.scripts().ping();
		this.master.restart();
		int failed = 0;
		for (int i = 0; i < 8; i++) {
			try {
				count(COUNT);
			}
			catch (TaskQueueUnavailableException ex) {
				failed++;
			}
		}
		assertThat(failed).isLessThanOrEqualTo(1);
	}

	@Test
	void noSentinel() {
		this.sentinel.kill();
		try (RedisConnections others = new RedisConnections(application(), 1, 1, Timeouts.defaults())) {
			assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> {
				others.start();
				others.scripts().ping();
			}).withMessageContaining("Sentinel 127.0.0.1:" + this.sentinel.port());
			this.sentinel.restart();
			others.start();
			others.scripts().ping();
		}
	}

	private Object count(Script script) {
		return this.connections.scripts().eval(script, List.of(KEY), List.of());
	}

	private RedisConnectionFactory application() {
		RedisSentinelConfiguration configuration = new RedisSentinelConfiguration("main",
				Set.of("127.0.0.1:" + this.sentinel.port()));
		return (this.driver == Driver.JEDIS) ? new JedisConnectionFactory(configuration)
				: new LettuceConnectionFactory(configuration);
	}

}
