package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class RedisErrorsTest {

	private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);

	private static final Script WRITE = Script.of("write", "return redis.call('SET', KEYS[1], ARGV[1])");

	private static final Script PUSH = Script.of("push", "return redis.call('LPUSH', KEYS[1], ARGV[1])");

	@Parameter
	Driver driver;

	@Test
	void connectionRefused() {
		TestRedis redis = TestRedis.start();
		redis.kill();
		try (redis; RedisConnections connections = this.driver.connect(redis)) {
			assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> write(connections))
				.withMessageContaining("cannot be reached: ")
				.withMessageContaining("Connection refused")
				.withMessageContaining("127.0.0.1:" + redis.port())
				.withMessageContaining("script write");
		}
	}

	@Test
	void outOfMemory() {
		try (TestRedis redis = TestRedis.start("--maxmemory", "1", "--maxmemory-policy", "noeviction");
				RedisConnections connections = this.driver.connect(redis)) {
			assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> write(connections))
				.withMessageContaining("out of memory");
			assertThatExceptionOfType(TaskQueueUnavailableException.class)
				.isThrownBy(() -> connections.scripts().sadd(KEY, KEY))
				.withMessageContaining("out of memory");
			try (PushWatch watch = connections.watch(KEY)) {
				assertThatExceptionOfType(TaskQueueUnavailableException.class)
					.isThrownBy(() -> watch.awaitPush(Duration.ofSeconds(1)))
					.withMessageContaining("out of memory");
			}
		}
	}

	@Test
	void wrongType() {
		TestRedis redis = TestRedis.shared();
		redis.flushAll();
		try (RedisConnections connections = this.driver.connect(redis)) {
			connections.scripts().sadd(KEY, KEY);
			assertThatExceptionOfType(TaskQueueRefusedException.class).isThrownBy(() -> connections.scripts().get(KEY))
				.withMessageContaining("used by something else")
				.withMessageContaining("GET");
			assertThatExceptionOfType(TaskQueueRefusedException.class)
				.isThrownBy(() -> connections.scripts().eval(PUSH, List.of(KEY), List.of(KEY)))
				.withMessageContaining("used by something else")
				.withMessageContaining("script push");
			try (PushWatch watch = connections.watch(KEY)) {
				assertThatExceptionOfType(TaskQueueRefusedException.class)
					.isThrownBy(() -> watch.awaitPush(Duration.ofSeconds(1)))
					.withMessageContaining("used by something else");
			}
		}
	}

	@Test
	void missingPassword() {
		try (TestRedis redis = TestRedis.start("--requirepass", "secret");
				RedisConnections connections = this.driver.connect(redis)) {
			assertThatExceptionOfType(TaskQueueRefusedException.class).isThrownBy(() -> write(connections))
				.withMessageContaining("spring.data.redis.password");
		}
	}

	@Test
	void wrongPassword() {
		try (TestRedis redis = TestRedis.start("--requirepass", "secret");
				RedisConnections connections = connect(redis, null, "guess")) {
			// Lettuce may notice that Redis hangs up before it has read why
			await().untilAsserted(() -> assertThatExceptionOfType(TaskQueueRefusedException.class)
				.isThrownBy(() -> write(connections))
				.withMessageContaining("does not accept the user name or password"));
		}
	}

	@Test
	void rightPassword() {
		try (TestRedis redis = TestRedis.start("--requirepass", "secret");
				RedisConnections connections = connect(redis, null, "secret")) {
			write(connections);
		}
	}

	@Test
	void missingPermission() {
		try (TestRedis redis = TestRedis.start(); Jedis jedis = redis.jedis()) {
			jedis.aclSetUser("worker", "on", ">secret", "~*", "+@all", "-blmove", "-set", "-publish");
			try (RedisConnections connections = connect(redis, "worker", "secret")) {
				assertThatExceptionOfType(TaskQueueRefusedException.class).isThrownBy(() -> write(connections))
					.withMessageContaining("lacks a permission");
				assertThatExceptionOfType(TaskQueueRefusedException.class)
					.isThrownBy(() -> connections.scripts().publish(KEY, KEY))
					.withMessageContaining("lacks a permission");
				try (PushWatch watch = connections.watch(KEY)) {
					assertThatExceptionOfType(TaskQueueRefusedException.class)
						.isThrownBy(() -> watch.awaitPush(Duration.ofSeconds(1)))
						.withMessageContaining("lacks a permission");
				}
			}
		}
	}

	@Test
	void replica() {
		try (TestRedis redis = TestRedis.start();
				RedisConnections connections = this.driver.connect(redis);
				Jedis jedis = redis.jedis()) {
			write(connections);
			jedis.replicaof("127.0.0.1", 1);
			assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> write(connections))
				.withMessageContaining("it is a replica");
			jedis.replicaofNoOne();
			write(connections);
		}
	}

	@Test
	void becomingAReplicaEndsTheWait() throws Exception {
		try (TestRedis redis = TestRedis.start();
				RedisConnections connections = this.driver.connect(redis);
				PushWatch watch = connections.watch(KEY);
				Jedis jedis = redis.jedis()) {
			Thread thread = new Thread(() -> {
				while (jedis.info("clients").contains("blocked_clients:0")) {
					Thread.onSpinWait();
				}
				jedis.replicaof("127.0.0.1", 1);
			});
			thread.start();
			assertThatExceptionOfType(TaskQueueUnavailableException.class)
				.isThrownBy(() -> watch.awaitPush(Duration.ofSeconds(4)))
				.withMessageContaining("has become a replica");
			thread.join();
		}
	}

	@Test
	void tooManyClients() {
		try (TestRedis redis = TestRedis.start("--maxclients", "1");
				RedisConnections connections = this.driver.connect(redis);
				Jedis jedis = redis.jedis()) {
			// The server may not have seen yet that the start-up check is gone
			await().ignoreExceptions().until(() -> jedis.ping().equals("PONG"));
			assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> write(connections));
		}
	}

	@Test
	void noAnswer() {
		try (TestRedis redis = TestRedis.start();
				RedisConnections connections = new RedisConnections(this.driver.factory(redis), 2, 1,
						new Timeouts(Duration.ofMillis(500), Duration.ofMillis(300), Duration.ofMillis(300)))) {
			connections.start();
			write(connections);
			redis.freeze();
			try {
				assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> write(connections))
					.withMessageContaining("did not answer in time")
					.withMessageContaining("unknown");
			}
			finally {
				redis.thaw();
			}
			write(connections);
		}
	}

	@Test
	void closed() {
		RedisConnections connections = this.driver.connect(TestRedis.shared());
		connections.close();
		connections.close();
		assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> write(connections));
		connections.start();
		write(connections);
		connections.close();
	}

	private static void write(RedisConnections connections) {
		connections.scripts().eval(WRITE, List.of(KEY), List.of(KEY));
	}

	private RedisConnections connect(TestRedis redis, String user, String password) {
		RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(redis.host(), redis.port());
		configuration.setUsername(user);
		configuration.setPassword(RedisPassword.of(password));
		RedisConnections connections = new RedisConnections(this.driver.factory(redis, configuration), 2, 2,
				Timeouts.defaults());
		connections.start();
		return connections;
	}

}
