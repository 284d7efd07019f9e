package io.taskqueue.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.taskqueue.broker.Lane;
import io.taskqueue.broker.WorkBroker.Renewal;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A lease counts from the later of our clock and Redis's, so that nobody recovers early
 * because one of them is wrong.
 */
class LeaseClockTest {

	private static final String OWNER = "host:1:owner";

	private final TestRedis redis = TestRedis.shared();

	private final Lane lane = new Lane();

	private RedisBroker broker;

	@AfterEach
	void stop() {
		this.broker.close();
	}

	@ParameterizedTest
	@ValueSource(longs = { -3600, 0, 3600 })
	void leaseCountsFromTheLaterClock(long ahead) {
		Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(ahead));
		start(new ServerClock(clock));
		long before = Math.max(clock.instant().getEpochSecond(), redisTime());
		// Not by our client, which would correct the clock
		try (Jedis jedis = this.redis.jedis()) {
			jedis.hset("asynq:{q}:t:a", Map.of("msg", "record", "state", "pending"));
			jedis.lpush("asynq:{q}:pending", "a");
		}
		assertThat(this.broker.work().fetch("q", this.lane.next(), OWNER, 1, 0).deliveries()).hasSize(1);
		long fetched = lease();
		assertThat(fetched).isGreaterThanOrEqualTo(before + 30);
		assertThat(this.broker.work().renew("q", OWNER, List.of("a"))).containsExactly(Renewal.HELD);
		assertThat(lease()).isGreaterThanOrEqualTo(fetched)
			.isLessThanOrEqualTo(Math.max(clock.instant().getEpochSecond(), redisTime()) + 30);
	}

	private void start(Clock clock) {
		this.redis.flushAll();
		this.broker = new RedisBroker(this.redis.jedisFactory(), RedisOptions.STANDARD, clock);
		this.broker.start("test");
	}

	private long redisTime() {
		try (Jedis jedis = this.redis.jedis()) {
			return Long.parseLong(jedis.time().get(0));
		}
	}

	private long lease() {
		try (Jedis jedis = this.redis.jedis()) {
			return jedis.zscore("asynq:{q}:lease", "a").longValue();
		}
	}

}
