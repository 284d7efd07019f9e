package io.taskqueue.redis;

import java.time.Instant;
import java.util.List;

import io.taskqueue.broker.UpkeepBroker.Archive;
import io.taskqueue.broker.UpkeepBroker.Recovery;
import io.taskqueue.broker.UpkeepBroker.Requeue;
import io.taskqueue.broker.UpkeepBroker.RetryAt;
import io.taskqueue.broker.WorkBroker.Retry;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.taskqueue.broker.WorkBroker.Settled.DONE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a request that waits for a running task becomes the task, in whatever way the
 * running one is settled.
 */
abstract class FollowUpContract extends StorageContract {

	FollowUpContract(Storage storage) {
		super(storage);
	}

	@ParameterizedTest
	@EnumSource
	void requestFollowsAnySettlement(Settlement settlement) {
		given(held("a").next("a", next(), 0, 0, "", 0));
		settle(settlement);
		expect(counted(pendingNext(), settlement));
	}

	@ParameterizedTest
	@EnumSource
	void requestMayBeScheduled(Settlement settlement) {
		given(held("a").next("a", next(), NOW_S + 6, NOW_MS + 5001, "", 0));
		settle(settlement);
		expect(counted(state(), settlement).zset("scheduled", "a", NOW_S + 6)
			.zset("tq:due", "a", NOW_MS + 5001)
			.task(next(), "scheduled"));
	}

	@ParameterizedTest
	@EnumSource
	void requestTakesItsLock(Settlement settlement) {
		given(held("a").next("a", next(), 0, 0, lockKey("x"), 60));
		settle(settlement);
		expect(counted(state(), settlement).list("pending", "a")
			.task(next(), "pending", "pending_since", NOW_NS, "unique_key", lockKey("x"))
			.lock(lockKey("x"), "a", 60));
	}

	@ParameterizedTest
	@EnumSource
	void requestRunsWithoutALockThatSomebodyHolds(Settlement settlement) {
		given(held("a").next("a", next(), 0, 0, lockKey("x"), 60).lock(lockKey("x"), "other", 600));
		settle(settlement);
		expect(counted(pendingNext(), settlement).lock(lockKey("x"), "other", 600));
	}

	@ParameterizedTest
	@EnumSource(names = { "RETRY", "ARCHIVE", "RELEASE", "DEFER" })
	void lockOfTheFormerTaskIsFreed(Settlement settlement) {
		given(heldUnique().next("a", next(), 0, 0, "", 0));
		settle(settlement);
		expect(counted(pendingNext(), settlement));
	}

	@ParameterizedTest
	@EnumSource
	void othersOfTheBatchAreSettledAsUsual(Settlement settlement) {
		given(held("a", "b").next("a", next(), 0, 0, "", 0));
		assertThat(settlement.settle(work(), this.queue, this.lane.next(), OWNER, "a", "b")).containsExactly(DONE,
				DONE);
		assertThat(dump().asynq().get("asynq:{" + this.queue + "}:t:a state")).isEqualTo("pending");
		assertThat(dump().asynq().get("asynq:{" + this.queue + "}:t:b state")).isEqualTo(switch (settlement) {
			case COMPLETE -> null;
			case RETAIN -> "completed";
			case RETRY -> "retry";
			case ARCHIVE -> "archived";
			case RELEASE -> "pending";
			case DEFER -> "scheduled";
		});
		assertThat(dump().ours()).doesNotContainKey("asynq:{" + this.queue + "}:tq:next a");
	}

	@Test
	void requestOfAnotherTaskWaitsOn() {
		given(held("a").next("b", next(), 0, 0, "", 0));
		settle(Settlement.COMPLETE);
		expect(state().counters(1, 0).next("b", next(), 0, 0, "", 0));
	}

	@Test
	void failureThatDoesNotCountIsNotCounted() {
		given(held("a").next("a", next(), 0, 0, "", 0));
		work().retry(this.queue, this.lane.next(), OWNER,
				List.of(new Retry("a", message("a").encode(), NOW.plusSeconds(9), false)));
		expect(pendingNext());
	}

	@ParameterizedTest
	@ValueSource(strings = { "requeue", "retry", "archive" })
	void requestFollowsARecovery(String how) {
		given(heldUnique().next("a", next(), 0, 0, "", 0));
		Instant lease = Instant.ofEpochSecond(NOW_S + 30);
		Recovery recovery = switch (how) {
			case "requeue" -> new Requeue("a", lease, 1);
			case "retry" -> new RetryAt("a", lease, message("a").encode(), NOW.plusSeconds(9));
			default -> new Archive("a", lease, message("a").encode());
		};
		assertThat(upkeep().recover(this.queue, List.of(recovery))).containsExactly("a");
		expect(pendingNext());
	}

	@Test
	void requestFollowsATaskThatGoHasForgotten() {
		given(held("a").next("a", next(), 0, 0, "", 0));
		go().done("a");
		assertThat(upkeep().repair(this.queue)).isEqualTo(1);
		expect(pendingNext().counters(1, 0));
	}

	@Test
	void requestFollowsATaskThatGoRetries() {
		given(held("a").next("a", next(), 0, 0, "", 0));
		go().retry("a", "boom", 60);
		assertThat(upkeep().repair(this.queue)).isEqualTo(1);
		expect(pendingNext().counters(1, 1));
	}

	@Test
	void requestWaitsWhileTheTaskRuns() {
		given(held("a").next("a", next(), 0, 0, "", 0));
		unchanged(() -> assertThat(upkeep().repair(this.queue)).isZero());
	}

	private void settle(Settlement settlement) {
		assertThat(settlement.settle(work(), this.queue, this.lane.next(), OWNER, "a")).containsExactly(DONE);
	}

	private TaskMessage next() {
		return task("a").payload("next").message();
	}

	private StoredState pendingNext() {
		return state().list("pending", "a").task(next(), "pending", "pending_since", NOW_NS);
	}

	private StoredState heldUnique() {
		return held("a").lock(lockKey("x"), "a", 600)
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "unique_key", lockKey("x"));
	}

	/** The running task is counted as if nothing waited. */
	private static StoredState counted(StoredState state, Settlement settlement) {
		return switch (settlement) {
			case COMPLETE, RETAIN -> state.counters(1, 0);
			case RETRY, ARCHIVE -> state.counters(1, 1);
			case RELEASE, DEFER -> state;
		};
	}

}
