package io.taskqueue.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.taskqueue.broker.PauseBroker;
import io.taskqueue.broker.SemaphoreBroker;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.Tuple;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Permits that asynq's {@code x/rate} counts too, and paused types.
 */
abstract class SemaphoreContract extends StorageContract {

	private static final String KEY = "asynq:sema:api";

	private static final Instant SOON = NOW.plusSeconds(60);

	/** What asynq's semaphore does, step by step. */
	private static final String GO_ACQUIRE = """
			redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", tonumber(ARGV[1]) - 1)
			if redis.call("ZCARD", KEYS[1]) < tonumber(ARGV[2]) then
				redis.call("ZADD", KEYS[1], ARGV[3], ARGV[4])
				return 1
			end
			return 0
			""";

	SemaphoreContract(Storage storage) {
		super(storage);
	}

	@Test
	void permitsAreTasksByTheirDeadlines() {
		assertThat(acquire("a", SOON)).isTrue();
		assertThat(acquire("b", SOON.plusSeconds(1))).isTrue();
		assertThat(acquire("c", SOON)).isFalse();
		try (Jedis jedis = jedis()) {
			assertThat(jedis.keys("*")).containsExactly(KEY);
			assertThat(jedis.zrangeWithScores(KEY, 0, -1)).containsExactly(new Tuple("a", NOW_S + 60.0),
					new Tuple("b", NOW_S + 61.0));
		}
	}

	@Test
	void whatIsReleasedIsFree() {
		acquire("a", SOON);
		acquire("b", SOON);
		assertThat(semaphores().release("api", "a")).isTrue();
		assertThat(semaphores().release("api", "a")).isFalse();
		assertThat(acquire("c", SOON)).isTrue();
		assertThat(acquire("d", SOON)).isFalse();
		assertThat(semaphores().acquire("other", 1, "d", SOON)).isTrue();
	}

	@Test
	void aRepeatedCallTakesNoSecondPermit() {
		assertThat(acquire("a", SOON)).isTrue();
		assertThat(acquire("a", SOON)).isTrue();
		assertThat(acquire("b", SOON)).isTrue();
		assertThat(acquire("a", SOON.plusSeconds(9))).as("although none is left").isTrue();
		try (Jedis jedis = jedis()) {
			assertThat(jedis.zcard(KEY)).isEqualTo(2);
			assertThat(jedis.zscore(KEY, "a")).isEqualTo(NOW_S + 69.0);
		}
	}

	@Test
	void thePermitOfACrashedHolderEndsASecondAfterItsDeadline() {
		acquire("crashed", NOW.plusSeconds(5));
		acquire("b", SOON);
		this.clock.advance(Duration.ofSeconds(5));
		assertThat(acquire("c", SOON)).as("at its deadline").isFalse();
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(acquire("c", SOON)).isTrue();
		assertThat(semaphores().release("api", "crashed")).isFalse();
	}

	@Test
	void goAndJavaCountTogether() {
		assertThat(goAcquire("go", NOW_S + 5)).isTrue();
		assertThat(acquire("a", NOW.plusSeconds(9))).isTrue();
		assertThat(acquire("b", SOON)).isFalse();
		assertThat(goAcquire("go2", NOW_S + 60)).isFalse();
		this.clock.advance(Duration.ofSeconds(6));
		assertThat(acquire("b", SOON)).as("in place of Go's").isTrue();
		assertThat(goAcquire("go2", NOW_S + 60)).isFalse();
		this.clock.advance(Duration.ofSeconds(4));
		assertThat(goAcquire("go2", NOW_S + 60)).as("in place of ours").isTrue();
	}

	@Test
	void pausedTypesAreKeptByNamespace() {
		PauseBroker pauses = this.broker.pauses("shop");
		pauses.pause("email");
		pauses.pause("email");
		pauses.pause("sms:send");
		assertThat(pauses.paused()).containsExactlyInAnyOrder("email", "sms:send");
		assertThat(this.broker.pauses("other").paused()).isEmpty();
		try (Jedis jedis = jedis()) {
			assertThat(jedis.smembers("taskqueue:shop:paused")).containsExactlyInAnyOrder("email", "sms:send");
		}
		pauses.resume("email");
		pauses.resume("never");
		pauses.resume("sms:send");
		try (Jedis jedis = jedis()) {
			assertThat(jedis.keys("*")).isEmpty();
		}
	}

	private SemaphoreBroker semaphores() {
		return this.broker.semaphores();
	}

	private boolean acquire(String id, Instant until) {
		return semaphores().acquire("api", 2, id, until);
	}

	private boolean goAcquire(String id, long until) {
		try (Jedis jedis = jedis()) {
			String now = Long.toString(this.clock.instant().getEpochSecond());
			return (long) jedis.eval(GO_ACQUIRE, List.of(KEY), List.of(now, "2", Long.toString(until), id)) == 1;
		}
	}

}
