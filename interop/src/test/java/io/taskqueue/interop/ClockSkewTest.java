package io.taskqueue.interop;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;

import io.taskqueue.testing.Scenario;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A worker of ours whose clock is wrong takes nothing from a living Go server.
 */
class ClockSkewTest extends BesideGo {

	@ParameterizedTest
	@ValueSource(longs = { -10, 10 })
	@Scenario(47)
	void leaseOfALivingServerIsLeftAlone(long skew) {
		goEnqueue("alive", Behaviour.hold(100_000), Map.of());
		GoServer server = goServer(Map.of("concurrency", 1, "shutdownTimeout", 50));
		server.awaitStart("alive");
		leaveBehind("dead");
		JavaService skewed = closeLater(new JavaService(redisServer().host(), redisServer().port(),
				Clock.offset(Clock.systemUTC(), Duration.ofSeconds(skew))));
		skewed.work(JavaService.patient());
		// So the worker has looked for what to recover; not before Redis is half a minute
		// old
		await().atMost(Duration.ofSeconds(60)).until(() -> "retry".equals(this.redis.hget(P + "t:dead", "state")));
		assertThat(this.redis.hget(P + "t:alive", "state")).isEqualTo("active");
		assertThat(message("alive").retried()).isZero();
		assertThat(skewed.attempts("alive")).isEmpty();
		assertThat(server.attempts("alive")).hasSize(1);
		assertThat(new StoredQueue(this.redis).faults()).isEmpty();
	}

	/**
	 * Leaves an active task as a Go server leaves it that died more than a minute ago.
	 */
	private void leaveBehind(String id) {
		goEnqueue(id, Behaviour.SUCCEED, Map.of());
		this.redis.lrem(P + "pending", 1, id);
		this.redis.lpush(P + "active", id);
		this.redis.hset(P + "t:" + id, "state", "active");
		this.redis.hdel(P + "t:" + id, "pending_since");
		this.redis.zadd(P + "lease", Math.floor(System.currentTimeMillis() / 1000.0) - 100, id);
	}

}
