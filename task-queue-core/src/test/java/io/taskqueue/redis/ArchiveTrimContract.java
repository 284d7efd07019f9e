package io.taskqueue.redis;

import java.time.Duration;
import java.util.List;

import io.taskqueue.broker.WorkBroker.Archival;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

import static io.taskqueue.broker.WorkBroker.Settled.DONE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the archive is kept within asynq's limits.
 */
abstract class ArchiveTrimContract extends StorageContract {

	private static final long NINETY_DAYS = Duration.ofDays(90).toSeconds();

	private static final int CHUNK = 500;

	ArchiveTrimContract(Storage storage) {
		super(storage);
	}

	@Test
	void tasksThatAreTooOldAreDeleted() {
		given(held("new").zset("archived", "old", NOW_S - NINETY_DAYS, "young", NOW_S - NINETY_DAYS + 1)
			.task(message("old"), "archived")
			.task(message("young"), "archived"));
		archive("new");
		expect(state().zset("archived", "young", NOW_S - NINETY_DAYS + 1, "new", NOW_S)
			.task(message("young"), "archived")
			.task(message("new"), "archived")
			.counters(1, 1));
	}

	@Test
	@Scenario(50)
	void scenario50_fullArchiveLosesItsOldest() {
		given(held("new"));
		fill(9_999, NOW_S - 10_000);
		archive("new");
		assertThat(archived()).hasSize(9_999).startsWith("old-00002").endsWith("new");
		assertEachHasItsHash();
	}

	@Test
	@Scenario(50)
	void scenario50_thousandsThatAreTooOldAreDeletedByAndBy() {
		given(held("new"));
		fill(9_000, NOW_S - NINETY_DAYS - 9_000);
		archive("new");
		assertThat(archived()).hasSize(9_000 - CHUNK + 1).endsWith("new");
		int trimmed = 0;
		int last;
		do {
			last = upkeep().trimArchive(this.queue, CHUNK);
			trimmed += last;
		}
		while (last == CHUNK);
		assertThat(trimmed).isEqualTo(9_000 - CHUNK);
		expect(state().zset("archived", "new", NOW_S).task(message("new"), "archived").counters(1, 1));
	}

	@Test
	@Scenario(50)
	void scenario50_newTaskIsNeverTrimmed() {
		this.clock.advance(Duration.ofDays(-1));
		given(held("new"));
		fill(10_000, NOW_S);
		archive("new");
		assertThat(archived()).hasSize(9_999 + 1).startsWith("new", "old-00002");
		assertEachHasItsHash();
	}

	@Test
	void trimmingAShortArchiveChangesNothing() {
		StoredState archive = state().zset("archived", "a", NOW_S - 1).task(message("a"), "archived");
		given(archive);
		assertThat(upkeep().trimArchive(this.queue, CHUNK)).isZero();
		expect(archive);
	}

	private void archive(String id) {
		assertThat(work().archive(this.queue, this.lane.next(), OWNER, List.of(new Archival(id, message(id).encode()))))
			.containsExactly(DONE);
	}

	/** Archives old-00001 and so on, a second apart. */
	private void fill(int count, long first) {
		String prefix = "asynq:{" + this.queue + "}:";
		try (Jedis jedis = jedisOfQueue(); Pipeline pipeline = jedis.pipelined()) {
			for (int i = 1; i <= count; i++) {
				String id = "old-%05d".formatted(i);
				pipeline.zadd(prefix + "archived", (double) (first + i), id);
				pipeline.hset(prefix + "t:" + id, "state", "archived");
			}
		}
	}

	private List<String> archived() {
		try (Jedis jedis = jedis()) {
			return jedis.zrange("asynq:{" + this.queue + "}:archived", 0, -1);
		}
	}

	private void assertEachHasItsHash() {
		try (Jedis jedis = jedisOfQueue()) {
			assertThat(jedis.keys("asynq:{" + this.queue + "}:t:*")).containsExactlyInAnyOrderElementsOf(
					archived().stream().map((id) -> "asynq:{" + this.queue + "}:t:" + id).toList());
		}
	}

}
