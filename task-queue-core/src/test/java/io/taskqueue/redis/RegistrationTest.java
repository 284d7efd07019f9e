package io.taskqueue.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.taskqueue.OnConflict;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.broker.Lane;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How queues are registered that an operator may delete, and their clocks are measured.
 */
class RegistrationTest {

	private final TestRedis redis = TestRedis.shared();

	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE);

	private final AtomicInteger measurements = new AtomicInteger();

	private final Lane lane = new Lane();

	private RedisConnections connections;

	private RedisEnqueue enqueue;

	@BeforeEach
	void connect() {
		this.redis.flushAll();
		this.connections = Driver.JEDIS.connect(this.redis);
		this.enqueue = new RedisEnqueue(this.connections.scripts(), new ScriptTime(Clock.systemUTC(), true),
				(sent, received, server) -> this.measurements.incrementAndGet(), this.nanoTime::get);
	}

	@AfterEach
	void disconnect() {
		this.connections.close();
	}

	@Test
	@Scenario(23)
	void scenario23_deletedQueueComesBack() {
		enqueue("q");
		assertThat(queues()).containsExactly("q");
		this.redis.flushAll();
		this.nanoTime.addAndGet(Duration.ofSeconds(30).toNanos() + 1);
		enqueue("q");
		assertThat(queues()).containsExactly("q");
		assertThat(this.measurements).hasValue(2);
	}

	@Test
	void queueIsNotRegisteredWithEveryTask() {
		enqueue("q");
		this.redis.flushAll();
		this.nanoTime.addAndGet(Duration.ofSeconds(30).toNanos());
		enqueue("q");
		assertThat(queues()).isEmpty();
		assertThat(this.measurements).hasValue(1);
	}

	@Test
	void queuesAreRegisteredOneByOne() {
		enqueue("q");
		enqueue("other");
		assertThat(queues()).containsExactly("other", "q");
	}

	private void enqueue(String queue) {
		this.enqueue.enqueue(queue, this.lane.next(),
				List.of(new Command("id" + this.nanoTime.get(), new byte[0], null, OnConflict.FAIL, "", 0)));
	}

	private List<String> queues() {
		try (Jedis jedis = this.redis.jedis()) {
			return jedis.smembers("asynq:queues").stream().sorted().toList();
		}
	}

}
