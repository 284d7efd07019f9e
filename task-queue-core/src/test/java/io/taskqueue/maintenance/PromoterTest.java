package io.taskqueue.maintenance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When the promoter looks, and how long it waits.
 */
class PromoterTest extends StorageContract {

	private final Promoter promoter = new Promoter(upkeep(), Set.of(this.queue), this.clock);

	PromoterTest() {
		super(Storage.JEDIS);
	}

	@Test
	void dueTaskIsPromoted() {
		given(scheduled("a", NOW_MS));
		this.promoter.round();
		expect(state().list("pending", "a").task(message("a"), "pending", "pending_since", NOW_NS));
	}

	@Test
	void roundsFollowEachOtherWhileThereIsMore() {
		StoredState state = state();
		List<Object> due = new ArrayList<>();
		for (int i = 0; i < 450; i++) {
			due.addAll(List.of("%03d".formatted(i), NOW_S - 450 + i));
			state.task(message("%03d".formatted(i)), "scheduled");
		}
		given(state.zset("scheduled", due.toArray()));
		int rounds = 1;
		while (this.promoter.round().isZero()) {
			rounds++;
		}
		assertThat(rounds).isEqualTo(3);
		assertThat(pending()).isEqualTo(450);
	}

	@Test
	void nextTaskEndsTheWait() {
		given(scheduled("a", NOW_MS + 300));
		assertThat(this.promoter.round()).isLessThanOrEqualTo(Duration.ofMillis(300));
	}

	@Test
	void waitIsASecondAtMost() {
		given(scheduled("a", NOW_MS + 60_000));
		assertThat(this.promoter.round()).isLessThanOrEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void earlierTaskIsLookedAtWhenHeardOf() {
		this.promoter.round();
		given(scheduled("a", NOW_MS));
		this.promoter.onEarlierDue(this.queue);
		this.promoter.round();
		assertThat(pending()).isEqualTo(1);
	}

	private StoredState scheduled(String id, long millis) {
		return state().zset("scheduled", id, -Math.floorDiv(-millis, 1000L))
			.zset("tq:due", id, millis)
			.task(message(id), "scheduled");
	}

	private long pending() {
		try (Jedis jedis = jedis()) {
			return jedis.llen("asynq:{" + this.queue + "}:pending");
		}
	}

}
