package io.taskqueue.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.taskqueue.broker.UpkeepBroker.Fate;
import io.taskqueue.broker.UpkeepBroker.Sweep;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How tasks that no list or set holds are found and brought back.
 */
abstract class SweepContract extends StorageContract {

	SweepContract(Storage storage) {
		super(storage);
	}

	private List<String> strays() {
		List<String> strays = new ArrayList<>();
		String cursor = "";
		do {
			Sweep part = upkeep().sweep(this.queue, cursor);
			strays.addAll(part.strays());
			cursor = part.cursor();
		}
		while (!cursor.isEmpty());
		return strays;
	}

	@Test
	void taskInItsPlaceIsNoStray() {
		given(held("active").list("pending", "new", "old")
			.zset("scheduled", "scheduled", NOW_S + 1)
			.zset("retry", "retry", NOW_S + 1)
			.zset("archived", "archived", NOW_S)
			.zset("completed", "completed", NOW_S + 1)
			.zset("g:g", "aggregating", NOW_S)
			.set("groups", "g")
			.task(message("new"), "pending", "pending_since", NOW_NS)
			.task(message("old"), "pending", "pending_since", NOW_NS - 1_000_000)
			.task(message("scheduled"), "scheduled")
			.task(message("retry"), "retry")
			.task(message("archived"), "archived")
			.task(message("completed"), "completed")
			.task(message("aggregating"), "aggregating", "group", "g"));
		assertThat(strays()).isEmpty();
		unchanged(() -> assertThat(upkeep().bringBack(this.queue,
				List.of("active", "new", "old", "scheduled", "retry", "archived", "completed", "aggregating", "none")))
			.isEmpty());
	}

	@Test
	void memberOfAnAggregationSetIsNoStray() {
		String set = "asynq:{" + this.queue + "}:g:g:1";
		given(state().zset("g:g:1", "a", NOW_S)
			.zset("aggregation_sets", set, NOW_S + 120)
			.task(message("a"), "aggregating", "group", "g"));
		assertThat(strays()).isEmpty();
	}

	@Test
	void taskGivenBackToTheHeadIsNoStray() {
		given(state().list("pending", "a", "back")
			.task(message("a"), "pending", "pending_since", NOW_NS)
			.task(message("back"), "pending"));
		assertThat(strays()).isEmpty();
	}

	@Test
	void whatWasToRunIsQueuedAgain() {
		StoredState listed = state().list("pending", "other")
			.task(message("other"), "pending", "pending_since", NOW_NS);
		given(listed.task(message("acked"), "active", "tq:owner", "gone", "tq:lease", NOW_S - 90)
			.task(message("due"), "scheduled")
			.task(message("lost"), "pending", "pending_since", NOW_NS - 1_000_000));
		assertThat(strays()).containsExactlyInAnyOrder("acked", "due", "lost");
		assertThat(upkeep().bringBack(this.queue, List.of("acked", "due", "lost")))
			.isEqualTo(Map.of("acked", Fate.QUEUED, "due", Fate.QUEUED, "lost", Fate.QUEUED));
		expect(state().list("pending", "lost", "due", "acked", "other")
			.task(message("other"), "pending", "pending_since", NOW_NS)
			.task(message("acked"), "pending", "pending_since", NOW_NS)
			.task(message("due"), "pending", "pending_since", NOW_NS)
			.task(message("lost"), "pending", "pending_since", NOW_NS));
		assertThat(strays()).isEmpty();
	}

	@Test
	void exactTimeIsKept() {
		given(state().zset("tq:due", "a", NOW_MS + 5000).task(message("a"), "scheduled"));
		assertThat(upkeep().bringBack(this.queue, strays())).containsExactly(Map.entry("a", Fate.QUEUED));
		expect(state().zset("tq:due", "a", NOW_MS + 5000)
			.zset("scheduled", "a", NOW_S + 6)
			.task(message("a"), "scheduled"));
	}

	@Test
	void memberOfAGroupGoesBackToIt() {
		given(state().task(message("a"), "aggregating", "group", "g"));
		assertThat(upkeep().bringBack(this.queue, strays())).containsExactly(Map.entry("a", Fate.QUEUED));
		expect(state().zset("g:g", "a", NOW_S).set("groups", "g").task(message("a"), "aggregating", "group", "g"));
	}

	@Test
	void whatWasDoneIsDeletedWithTheLockItOwns() {
		given(state().task(message("done"), "completed", "unique_key", lockKey("own"))
			.task(message("failed"), "archived", "unique_key", lockKey("other"))
			.hash("t:empty", "state", "pending")
			.lock(lockKey("own"), "done", 600)
			.lock(lockKey("other"), "somebody", 600));
		assertThat(upkeep().bringBack(this.queue, strays()))
			.isEqualTo(Map.of("done", Fate.DELETED, "failed", Fate.DELETED, "empty", Fate.DELETED));
		expect(state().lock(lockKey("other"), "somebody", 600));
	}

	@Test
	void namesAreTakenLiterally() {
		String literal = "a*[b]?\\" + this.queue;
		try (var jedis = jedis()) {
			jedis.hset("asynq:{" + literal + "}:t:x", Map.of("msg", "m", "state", "active"));
			jedis.hset("asynq:{a*b?" + this.queue + "}:t:y", Map.of("msg", "m", "state", "active"));
		}
		assertThat(upkeep().sweep(literal, "").strays()).containsExactly("x");
	}

	@Test
	void everyPartIsLookedAt() {
		StoredState state = state();
		for (int i = 0; i < 1000; i++) {
			state.task(message("id" + i), "archived");
		}
		given(state);
		assertThat(upkeep().sweep(this.queue, "").strays()).hasSizeLessThan(500);
		assertThat(strays()).hasSize(1000);
	}

	@Test
	void oneClaimAtATime() {
		assertThat(upkeep().claimSweep(this.queue, Duration.ofHours(24))).isTrue();
		unchanged(() -> assertThat(upkeep().claimSweep(this.queue, Duration.ofHours(24))).isFalse());
	}

}
