package io.taskqueue.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How leftovers are repaired and what is past its time is deleted.
 */
abstract class RepairContract extends StorageContract {

	RepairContract(Storage storage) {
		super(storage);
	}

	@Test
	void nothingToRepair() {
		given(held("a", "b").zset("lease", "a", NOW_S - 100, "b", NOW_S + 30));
		unchanged(() -> assertThat(upkeep().repair(this.queue)).isZero());
	}

	@Test
	@Scenario(48)
	void scenario48_orphanGetsALeaseThatHasExpired() {
		given(held("a", "b").zset("lease", "b", NOW_S + 30));
		assertThat(upkeep().repair(this.queue)).isEqualTo(1);
		expect(held("a", "b").zset("lease", "a", NOW_S, "b", NOW_S + 30));
		unchanged(() -> assertThat(upkeep().repair(this.queue)).isZero());
	}

	@Test
	@Scenario(48)
	void scenario48_idsThatAreNotActiveAreNotTouched() {
		given(state().task(message("a"), "active"));
		unchanged(() -> assertThat(upkeep().repair(this.queue)).isZero());
	}

	@Test
	void ghostWithoutALeaseIsDropped() {
		given(held("ghost", "stray", "b").without("t:ghost")
			.hash("t:stray", "state", "active")
			.zset("lease", "b", NOW_S + 30));
		assertThat(upkeep().repair(this.queue)).isEqualTo(2);
		expect(held("b"));
	}

	@Test
	void ghostWithALeaseIsDroppedWhenThatHasExpired() {
		given(held("ghost").hash("t:ghost", "state", "active"));
		unchanged(() -> assertThat(upkeep().repair(this.queue)).isZero());
		this.clock.advance(Duration.ofSeconds(30));
		assertThat(upkeep().repair(this.queue)).isEqualTo(1);
		expect(state());
	}

	@Test
	void strayLeaseIsDroppedWhenItHasExpired() {
		StoredState elsewhere = state().list("pending", "a").task(message("a"), "pending");
		given(elsewhere.zset("lease", "a", NOW_S, "gone", NOW_S));
		assertThat(upkeep().repair(this.queue)).isEqualTo(2);
		expect(elsewhere.without("lease"));
	}

	@Test
	void activeIdOfATaskElsewhereIsDropped() {
		given(state().list("active", "a").zset("archived", "a", NOW_S).task(message("a"), "archived"));
		assertThat(upkeep().repair(this.queue)).isEqualTo(1);
		expect(state().zset("archived", "a", NOW_S).task(message("a"), "archived"));
	}

	@Test
	void duplicateIsDropped() {
		given(held("a", "b").list("active", "b", "a", "b", "a", "a"));
		assertThat(upkeep().repair(this.queue)).isEqualTo(3);
		expect(held("a", "b").list("active", "b", "a"));
	}

	@Test
	void everyPartOfALongListIsLookedAt() {
		List<String> ids = new ArrayList<>();
		StoredState state = state();
		for (int i = 0; i < 1500; i++) {
			ids.add("id" + i);
			state.task(message("id" + i), "active");
		}
		given(state.list("active", ids.toArray(String[]::new)));
		int repaired = 0;
		for (int round = 0; round < 100 && repaired < ids.size(); round++) {
			int now = upkeep().repair(this.queue);
			assertThat(now).isLessThanOrEqualTo(1000);
			repaired += now;
		}
		assertThat(repaired).isEqualTo(ids.size());
	}

	@Test
	@Scenario(49)
	void scenario49_janitor() {
		StoredState live = state().zset("completed", "live", NOW_S + 1).task(message("live"), "completed");
		List<Object> completed = new ArrayList<>();
		StoredState given = state().task(message("live"), "completed");
		for (int i = 0; i < 250; i++) {
			completed.addAll(List.of("%03d".formatted(i), NOW_S - 250 + i));
			given.task(message("%03d".formatted(i)), "completed", "result", "r");
		}
		completed.addAll(List.of("live", NOW_S + 1));
		given(given.zset("completed", completed.toArray()));
		assertThat(upkeep().purgeCompleted(this.queue, 100)).isEqualTo(100);
		assertThat(upkeep().purgeCompleted(this.queue, 100)).isEqualTo(100);
		assertThat(upkeep().purgeCompleted(this.queue, 100)).isEqualTo(50);
		expect(live);
		unchanged(() -> assertThat(upkeep().purgeCompleted(this.queue, 100)).isZero());
	}

	@Test
	void taskIsPurgedInItsSecond() {
		given(state().zset("completed", "a", NOW_S).task(message("a"), "completed"));
		assertThat(upkeep().purgeCompleted(this.queue, 100)).isEqualTo(1);
		expect(state());
	}

}
