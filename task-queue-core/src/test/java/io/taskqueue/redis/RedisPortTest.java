package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ParameterizedClass
@EnumSource
class RedisPortTest {

	private final TestRedis redis = TestRedis.shared();

	@Parameter
	Driver driver;

	private RedisConnections connections;

	private RedisPort port;

	@BeforeEach
	void connect() {
		this.redis.flushAll();
		this.connections = this.driver.connect(this.redis);
		this.port = this.connections.scripts();
	}

	@AfterEach
	void disconnect() {
		this.connections.close();
	}

	@Test
	void replyIsANumber() {
		assertThat(eval("return 42")).isEqualTo(42L);
	}

	@Test
	void replyIsBytes() {
		byte[] binary = { 0, (byte) 0xff, '\r', '\n', (byte) 0x80 };
		assertThat(this.port.eval(Script.of("echo", "return ARGV[1]"), List.of(), List.of(binary))).isEqualTo(binary);
	}

	@Test
	void replyIsAStatus() {
		assertThat(eval("return redis.status_reply('FINE')")).isEqualTo(bytes("FINE"));
	}

	@Test
	void replyIsNothing() {
		assertThat(eval("return nil")).isNull();
		assertThat(eval("return false")).isNull();
	}

	@Test
	void replyIsAnEmptyList() {
		assertThat(eval("return {}")).isEqualTo(List.of());
	}

	@Test
	void replyIsAListOfOne() {
		assertThat(eval("return {7}")).isEqualTo(List.of(7L));
	}

	@Test
	void replyIsNestedWithHoles() {
		Object reply = eval("return {1, false, {'a', {}, {false, 2}}, {{3}}, false}");
		assertThat(readable(reply)).isEqualTo("[1, null, [a, [], [null, 2]], [[3]], null]");
	}

	@Test
	void replyIsLong() {
		Object reply = eval("local t = {} for i = 1, 5000 do t[i] = {i, string.rep('x', 100)} end return t");
		assertThat((List<?>) reply).hasSize(5000);
		assertThat(readable(((List<?>) reply).get(4999))).isEqualTo("[5000, " + "x".repeat(100) + "]");
	}

	@Test
	void keysAndArgumentsArrive() {
		Object reply = this.port.eval(Script.of("args", "return {KEYS[1], KEYS[2], ARGV[1], #KEYS, #ARGV}"),
				List.of(bytes("{q}:a"), bytes("{q}:b")), List.of(bytes("c")));
		assertThat(readable(reply)).isEqualTo("[{q}:a, {q}:b, c, 2, 1]");
	}

	@Test
	void forgottenScriptIsSentAgain() {
		Script script = Script.of("count", "return redis.call('INCR', KEYS[1])");
		assertThat(this.port.eval(script, List.of(bytes("n")), List.of())).isEqualTo(1L);
		try (Jedis jedis = this.redis.jedis()) {
			jedis.scriptFlush();
		}
		assertThat(this.port.eval(script, List.of(bytes("n")), List.of())).isEqualTo(2L);
		assertThat(this.port.eval(script, List.of(bytes("n")), List.of())).isEqualTo(3L);
	}

	@Test
	void errorOfAScriptNamesIt() {
		Script script = Script.of("broken", "return redis.error_reply('NONSENSE it went wrong')");
		assertThatExceptionOfType(TaskQueueRefusedException.class)
			.isThrownBy(() -> this.port.eval(script, List.of(), List.of()))
			.withMessageContaining("script broken")
			.withMessageContaining("NONSENSE it went wrong")
			.withMessageContaining("127.0.0.1:" + this.redis.port());
	}

	@Test
	void readsAndWrites() {
		byte[] set = bytes("set");
		assertThat(this.port.exists(set)).isFalse();
		assertThat(this.port.smembers(set)).isEmpty();
		this.port.sadd(set, bytes("a"));
		assertThat(this.port.exists(set)).isTrue();
		assertThat(this.port.smembers(set)).containsExactly(bytes("a"));
		byte[] sorted = bytes("sorted");
		this.port.zadd(sorted, 1, bytes("one"));
		this.port.zadd(sorted, 2, bytes("two"));
		assertThat(this.port.zrangeByScore(sorted, 2, Double.POSITIVE_INFINITY)).containsExactly(bytes("two"));
		this.port.zrem(sorted, bytes("two"));
		assertThat(this.port.zrangeByScore(sorted, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY))
			.containsExactly(bytes("one"));
		assertThat(this.port.get(bytes("string"))).isNull();
		try (Jedis jedis = this.redis.jedis()) {
			jedis.set("string", "value");
		}
		assertThat(this.port.get(bytes("string"))).isEqualTo(bytes("value"));
		this.port.publish(bytes("channel"), bytes("message"));
		this.port.ping();
	}

	@Test
	void infoIsByNode() {
		assertThat(this.port.info("server").get(this.port.address())).containsKey("redis_version");
		assertThat(this.port.info("memory").get(this.port.address())).containsEntry("maxmemory_policy", "noeviction");
	}

	private @Nullable Object eval(String source) {
		return this.port.eval(Script.of("test", source), List.of(), List.of());
	}

	private static String readable(@Nullable Object reply) {
		if (reply instanceof byte[] bytes) {
			return new String(bytes, StandardCharsets.UTF_8);
		}
		if (reply instanceof List<?> list) {
			return Arrays.toString(list.stream().map(RedisPortTest::readable).toArray());
		}
		return String.valueOf(reply);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
