package io.taskqueue.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.broker.UpkeepBroker.Promoted;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How due tasks come into the queue.
 */
abstract class PromoteContract extends StorageContract {

	PromoteContract(Storage storage) {
		super(storage);
	}

	@ParameterizedTest
	@ValueSource(strings = { "scheduled", "retry" })
	@Scenario(44)
	void scenario44_forward(String set) {
		StoredState given = state();
		StoredState expected = state();
		List<Object> due = new ArrayList<>();
		List<String> pending = new ArrayList<>();
		for (int i = 0; i < 250; i++) {
			String id = "%03d".formatted(i);
			due.addAll(List.of(id, NOW_S - 100 + i / 3));
			given.task(message(id), set);
			pending.add(0, id);
			expected.task(message(id), "pending", "pending_since", NOW_NS);
		}
		due.addAll(List.of("future", NOW_S + 1));
		given(given.zset(set, due.toArray()).task(message("future"), set));

		assertThat(promote(100)).isEqualTo(100);
		assertThat(promote(100)).isEqualTo(100);
		assertThat(promote(100)).isEqualTo(50);
		assertThat(promote(100)).isZero();
		expect(expected.list("pending", pending.toArray(String[]::new))
			.zset(set, "future", NOW_S + 1)
			.task(message("future"), set));
	}

	@Test
	@Scenario(44)
	void scenario44_taskOfAGroupGoesToItsGroup() {
		given(state().zset("retry", "a", NOW_S).task(task("a").group("g").message(), "retry", "group", "g"));
		assertThat(promote(10)).isEqualTo(1);
		expect(state().zset("g:g", "a", NOW_S)
			.set("groups", "g")
			.task(task("a").group("g").message(), "aggregating", "group", "g"));
	}

	@Test
	@Scenario(25)
	void scenario25_pausedQueueIsPromoted() {
		given(scheduled("a", NOW_S).text("paused", NOW_S));
		assertThat(promote(10)).isEqualTo(1);
		expect(pending("a").text("paused", NOW_S));
	}

	@Test
	void taskOfOursIsPromotedInItsMillisecond() {
		given(scheduled("a", NOW_S + 1).zset("tq:due", "a", NOW_MS + 1));
		unchanged(() -> assertThat(upkeep().promote(this.queue, 10)).isEqualTo(promoted(0, NOW_MS + 1)));
		this.clock.set(Instant.ofEpochMilli(NOW_MS + 1).minusNanos(1));
		unchanged(() -> assertThat(promote(10)).isZero());
		this.clock.set(Instant.ofEpochMilli(NOW_MS + 1));
		assertThat(upkeep().promote(this.queue, 10)).isEqualTo(promoted(1, null));
		expect(state().list("pending", "a").task(message("a"), "pending", "pending_since", (NOW_MS + 1) * 1_000_000));
	}

	@Test
	void foreignTaskIsPromotedInItsSecond() {
		given(scheduled("a", NOW_S + 1));
		unchanged(() -> assertThat(upkeep().promote(this.queue, 10)).isEqualTo(promoted(0, (NOW_S + 1) * 1000)));
		this.clock.set(Instant.ofEpochSecond(NOW_S + 1));
		assertThat(promote(10)).isEqualTo(1);
	}

	@Test
	void exactTimesOrderTasksOfOneSecond() {
		given(state().zset("scheduled", "a", NOW_S, "b", NOW_S, "c", NOW_S, "foreign", NOW_S)
			.zset("tq:due", "c", NOW_S * 1000 - 900, "a", NOW_S * 1000 - 500, "b", NOW_S * 1000 - 500)
			.task(message("a"), "scheduled")
			.task(message("b"), "scheduled")
			.task(message("c"), "scheduled")
			.task(message("foreign"), "scheduled"));
		assertThat(promote(10)).isEqualTo(4);
		expect(pending("foreign", "b", "a", "c"));
	}

	@Test
	void bothSetsAreMergedByTime() {
		given(state().zset("scheduled", "a", NOW_S - 3, "c", NOW_S - 1)
			.zset("retry", "b", NOW_S - 2, "d", NOW_S)
			.task(message("a"), "scheduled")
			.task(message("b"), "retry")
			.task(message("c"), "scheduled")
			.task(message("d"), "retry"));
		assertThat(promote(3)).isEqualTo(3);
		expect(pending("c", "b", "a").zset("retry", "d", NOW_S).task(message("d"), "retry"));
	}

	@Test
	void earliestOfAMixedCrowdGoFirst() {
		given(state().zset("scheduled", "foreign", NOW_S - 10, "our1", NOW_S - 9, "our2", NOW_S - 9, "our3", NOW_S - 9)
			.zset("tq:due", "our3", (NOW_S - 9) * 1000 - 3, "our2", (NOW_S - 9) * 1000 - 2, "our1",
					(NOW_S - 9) * 1000 - 1)
			.task(message("foreign"), "scheduled")
			.task(message("our1"), "scheduled")
			.task(message("our2"), "scheduled")
			.task(message("our3"), "scheduled"));
		assertThat(promote(2)).isEqualTo(2);
		assertThat(promote(2)).isEqualTo(2);
		expect(pending("our1", "our2", "our3", "foreign"));
	}

	@Test
	void staleExactTimeIsDropped() {
		given(scheduled("moved", NOW_S + 60).zset("tq:due", "gone", NOW_MS - 5, "moved", NOW_MS));
		assertThat(upkeep().promote(this.queue, 10)).isEqualTo(promoted(0, (NOW_S + 60) * 1000));
		expect(scheduled("moved", NOW_S + 60));
	}

	@Test
	void exactTimeOfTheOtherSetCounts() {
		given(state().zset("retry", "a", NOW_S + 1).zset("tq:due", "a", NOW_MS).task(message("a"), "retry"));
		assertThat(promote(10)).isEqualTo(1);
		expect(pending("a"));
	}

	@Test
	void taskThatGoHasPromotedStaysWhereItIs() {
		given(scheduled("a", NOW_S + 1).zset("tq:due", "a", NOW_MS + 500));
		this.clock.advance(Duration.ofSeconds(1));
		go().forward();
		assertThat(promote(10)).isZero();
		expect(state().list("pending", "a").task(message("a"), "pending", "pending_since", NOW_NS + 1_000_000_000));
	}

	@Test
	void ghostIsDropped() {
		given(scheduled("b", NOW_S).zset("scheduled", "a", NOW_S, "b", NOW_S).hash("t:a", "result", "late"));
		assertThat(promote(10)).isEqualTo(2);
		expect(pending("b"));
	}

	@Test
	void emptyQueueHasNoNextTime() {
		unchanged(() -> assertThat(upkeep().promote(this.queue, 10)).isEqualTo(promoted(0, null)));
	}

	@Test
	void nextTimeIsTheEarliestOfAll() {
		given(scheduled("a", NOW_S + 9).zset("retry", "b", NOW_S + 5)
			.task(message("b"), "retry")
			.zset("tq:due", "a", (NOW_S + 9) * 1000 - 1));
		assertThat(upkeep().promote(this.queue, 10)).isEqualTo(promoted(0, (NOW_S + 5) * 1000));
	}

	private int promote(int limit) {
		return upkeep().promote(this.queue, limit).moved();
	}

	private static Promoted promoted(int moved, @Nullable Long next) {
		return new Promoted(moved, (next != null) ? Instant.ofEpochMilli(next) : null);
	}

	private StoredState scheduled(String id, long score) {
		return state().zset("scheduled", id, score).task(message(id), "scheduled");
	}

	/** Tasks that have just been promoted, the last one first. */
	private StoredState pending(String... ids) {
		StoredState state = state().list("pending", ids);
		for (String id : ids) {
			state.task(message(id), "pending", "pending_since", NOW_NS);
		}
		return state;
	}

}
