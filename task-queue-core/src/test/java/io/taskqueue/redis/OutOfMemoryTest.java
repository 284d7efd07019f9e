package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.broker.Lane;
import io.taskqueue.broker.UpkeepBroker.Requeue;
import io.taskqueue.broker.WorkBroker.Renewal;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.testing.TestTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

import static io.taskqueue.broker.WorkBroker.Settled.DONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Redis at its memory limit takes no new tasks, but what is there can be worked off.
 */
class OutOfMemoryTest {

	private static final String OWNER = "host:1:owner";

	private static final Instant NOW = Instant.parse("2035-06-15T10:20:30Z");

	private final Lane lane = new Lane();

	private final TestRedis redis = TestRedis.start("--appendonly", "no", "--maxmemory-policy", "noeviction");

	private RedisBroker broker;

	@BeforeEach
	void start() {
		Storage.JEDIS.clock().set(NOW);
		this.broker = Storage.JEDIS.broker(this.redis);
		enqueue("a", null);
		enqueue("b", null);
		enqueue("later", NOW.plusSeconds(60));
	}

	@AfterEach
	void stop() {
		this.broker.close();
		this.redis.close();
	}

	@Test
	void newTasksAreRefused() {
		fill();
		List<String> before = keys();
		assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> enqueue("new", null))
			.withMessageContaining("out of memory");
		assertThatExceptionOfType(TaskQueueUnavailableException.class)
			.isThrownBy(() -> enqueue("new", NOW.plusSeconds(5)));
		assertThat(keys()).isEqualTo(before);
		assertThat(ids("pending", "scheduled")).containsExactly("b", "a", "later");
	}

	@Test
	void fetchedBatchMayBeRepeated() {
		fill();
		BatchId batch = this.lane.next();
		assertThat(this.broker.work().fetch("q", batch, OWNER, 1, 0).deliveries()).hasSize(1);
		assertThat(this.broker.work().fetch("q", batch, OWNER, 1, 0).deliveries()).hasSize(1);
		assertThat(ids("pending", "active", "lease")).containsExactly("b", "a", "a");
	}

	@Test
	void leasesAreRenewed() {
		fetch();
		fill();
		Storage.JEDIS.clock().advance(Duration.ofSeconds(5));
		assertThat(this.broker.work().renew("q", OWNER, List.of("a", "b"))).containsExactly(Renewal.HELD, Renewal.HELD);
	}

	@ParameterizedTest
	@EnumSource
	void tasksAreSettled(Settlement settlement) {
		fetch();
		fill();
		assertThat(settlement.settle(this.broker.work(), "q", this.lane.next(), OWNER, "a", "b")).containsExactly(DONE,
				DONE);
		assertThat(ids("active", "lease")).isEmpty();
	}

	@Test
	void dueTasksArePromoted() {
		fill();
		Storage.JEDIS.clock().advance(Duration.ofSeconds(60));
		assertThat(this.broker.upkeep().promote("q", 10).moved()).isEqualTo(1);
		assertThat(ids("pending", "scheduled")).containsExactly("later", "b", "a");
	}

	@Test
	void tasksAreRecovered() {
		fetch();
		fill();
		assertThat(this.broker.upkeep().recover("q", List.of(new Requeue("a", NOW.plusSeconds(30), 1))))
			.containsExactly("a");
		assertThat(ids("pending", "active")).containsExactly("a", "b");
	}

	private void fetch() {
		assertThat(this.broker.work().fetch("q", this.lane.next(), OWNER, 2, 0).deliveries()).hasSize(2);
	}

	private void enqueue(String id, @Nullable Instant at) {
		byte[] message = new TestTask("q", id).message().encode();
		this.broker.enqueue()
			.enqueue("q", this.lane.next(), List.of(new Command(id, message, at, OnConflict.FAIL, "", 0)));
	}

	/** Lets Redis have not a byte more than it uses. */
	private void fill() {
		try (Jedis jedis = this.redis.jedis()) {
			jedis.set("ballast".getBytes(StandardCharsets.UTF_8), new byte[1_000_000]);
			jedis.configSet("maxmemory", "1mb");
			assertThatExceptionOfType(JedisDataException.class).isThrownBy(() -> jedis.set("more", "more"))
				.withMessageStartingWith("OOM");
		}
	}

	private List<String> keys() {
		try (Jedis jedis = this.redis.jedis()) {
			return jedis.keys("*").stream().sorted().toList();
		}
	}

	/** Returns the members of lists and sorted sets. */
	private List<String> ids(String... names) {
		try (Jedis jedis = this.redis.jedis()) {
			return Arrays.stream(names)
				.map((name) -> "asynq:{q}:" + name)
				.flatMap((key) -> (jedis.type(key).equals("list") ? jedis.lrange(key, 0, -1) : jedis.zrange(key, 0, -1))
					.stream())
				.toList();
		}
	}

}
