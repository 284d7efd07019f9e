package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.taskqueue.OnConflict;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.broker.Lane;
import io.taskqueue.testing.MutableClock;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that promotes nothing corrects its clock as well.
 */
class ServerClockTest {

	private static final Duration TOLERANCE = Duration.ofSeconds(30);

	private final TestRedis redis = TestRedis.shared();

	@BeforeEach
	void flush() {
		this.redis.flushAll();
	}

	@ParameterizedTest
	@ValueSource(longs = { -3600, 3600 })
	void connectingMeasuresTheClockOfAQueue(long ahead) {
		ServerClock clock = clock(ahead);
		try (RedisBroker broker = new RedisBroker(this.redis.jedisFactory(), RedisOptions.STANDARD, clock)) {
			broker.start("test", Set.of("q"));
			assertCorrected(clock, ahead);
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { -3600, 3600 })
	void enqueueMeasuresTheClockOfAQueueThatWasNotKnown(long ahead) {
		ServerClock clock = clock(ahead);
		try (RedisBroker broker = new RedisBroker(this.redis.jedisFactory(), RedisOptions.STANDARD, clock)) {
			broker.start("test");
			assertThat(clock.offset()).isZero();
			enqueue(broker);
			assertCorrected(clock, ahead);
		}
	}

	@Test
	void clockOfOnesOwnIsNotCorrected() {
		MutableClock clock = new MutableClock(Instant.EPOCH);
		try (RedisBroker broker = new RedisBroker(this.redis.jedisFactory(), RedisOptions.STANDARD, clock)) {
			broker.start("test", Set.of("q"));
			enqueue(broker);
			assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
		}
	}

	private static ServerClock clock(long ahead) {
		return new ServerClock(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(ahead)));
	}

	private static void enqueue(RedisBroker broker) {
		broker.enqueue()
			.enqueue("q", new Lane().next(),
					List.of(new Command("a", "record".getBytes(StandardCharsets.UTF_8), null, OnConflict.FAIL, "", 0)));
	}

	private static void assertCorrected(ServerClock clock, long ahead) {
		assertThat(clock.offset()).isCloseTo(Duration.ofSeconds(-ahead), TOLERANCE);
	}

}
