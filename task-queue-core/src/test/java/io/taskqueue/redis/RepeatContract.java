package io.taskqueue.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskState;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.EnqueueBroker.Answer;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.broker.UpkeepBroker.Recovery;
import io.taskqueue.broker.UpkeepBroker.RetryAt;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

import static io.taskqueue.broker.WorkBroker.Settled.DONE;
import static io.taskqueue.broker.WorkBroker.Settled.NOT_OURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A batch that is sent again has no second effect; one that arrives after a later one has
 * none at all.
 */
abstract class RepeatContract extends StorageContract {

	RepeatContract(Storage storage) {
		super(storage);
	}

	@Test
	void enqueueIsAnsweredAsBefore() {
		BatchId batch = this.lane.next();
		Answer created = new Answer(Enqueued.CREATED, TaskState.PENDING);
		Answer conflict = new Answer(Enqueued.CONFLICT, TaskState.PENDING);
		assertThat(enqueue(batch, "a", "a")).containsExactly(created, conflict);
		this.clock.advance(Duration.ofSeconds(5));
		unchanged(() -> assertThat(enqueue(batch, "a", "a")).containsExactly(created, conflict));
	}

	@Test
	void enqueueIsAnsweredAsBeforeWhateverBecameOfTheTask() {
		BatchId batch = this.lane.next();
		Answer created = new Answer(Enqueued.CREATED, TaskState.PENDING);
		enqueue(batch, "a");
		go().dequeue();
		go().done("a");
		unchanged(() -> assertThat(enqueue(batch, "a")).containsExactly(created));
	}

	@Test
	void enqueueThatIsLateIsRefused() {
		BatchId late = this.lane.next();
		enqueue(this.lane.next(), "a");
		unchanged(() -> assertRefused(() -> enqueue(late, "b")));
	}

	@Test
	void lanesDoNotMeet() {
		enqueue(new BatchId("one", 7), "a");
		assertThat(enqueue(new BatchId("two", 3), "b"))
			.containsExactly(new Answer(Enqueued.CREATED, TaskState.PENDING));
	}

	@Test
	void fetchReturnsTheSameTasks() {
		given(pending("a", "b", "c"));
		BatchId batch = this.lane.next();
		List<Delivery> first = fetch(batch, 2);
		this.clock.advance(Duration.ofSeconds(5));
		unchanged(() -> assertThat(fetch(batch, 2)).usingRecursiveFieldByFieldElementComparator().isEqualTo(first));
		assertThat(first).extracting(Delivery::id).containsExactly("a", "b");
	}

	@Test
	void fetchReturnsOnlyWhatIsStillTheOwners() {
		given(pending("a", "b"));
		BatchId batch = this.lane.next();
		fetch(batch, 2);
		Settlement.RETRY.settle(work(), this.queue, this.lane.next(), OWNER, "a");
		unchanged(() -> assertThat(fetch(batch, 2)).extracting(Delivery::id).containsExactly("b"));
	}

	@Test
	void fetchThatIsLateIsRefused() {
		given(pending("a", "b"));
		BatchId late = this.lane.next();
		fetch(this.lane.next(), 1);
		unchanged(() -> assertRefused(() -> fetch(late, 1)));
	}

	@ParameterizedTest
	@EnumSource
	void settlementIsAnsweredAsBefore(Settlement settlement) {
		given(held("a"));
		BatchId batch = this.lane.next();
		assertThat(settlement.settle(work(), this.queue, batch, OWNER, "a", "b")).containsExactly(DONE, NOT_OURS);
		this.clock.advance(Duration.ofSeconds(5));
		unchanged(() -> assertThat(settlement.settle(work(), this.queue, batch, OWNER, "a", "b")).containsExactly(DONE,
				NOT_OURS));
	}

	@ParameterizedTest
	@EnumSource
	void settlementThatIsLateIsRefused(Settlement settlement) {
		given(held("a", "b"));
		BatchId late = this.lane.next();
		settlement.settle(work(), this.queue, this.lane.next(), OWNER, "a");
		unchanged(() -> assertRefused(() -> settlement.settle(work(), this.queue, late, OWNER, "b")));
	}

	@Test
	@Scenario(40)
	void scenario40_refusedBatchIsRepeated() {
		given(held("a").text("completed", "no sorted set"));
		BatchId batch = this.lane.next();
		unchanged(() -> assertRefused(() -> Settlement.COMPLETE.settle(work(), this.queue, batch, OWNER, "a")));
		try (Jedis jedis = jedis()) {
			jedis.del("asynq:{" + this.queue + "}:completed");
		}
		for (int i = 0; i < 2; i++) {
			assertThat(Settlement.COMPLETE.settle(work(), this.queue, batch, OWNER, "a")).containsExactly(DONE);
			expect(state().counters(1, 0));
		}
	}

	@Test
	void recoveryOfTheSameLeaseHappensOnce() {
		given(held("a"));
		Instant lease = Instant.ofEpochSecond(NOW_S + 30);
		List<Recovery> recovery = List.of(new RetryAt("a", lease, message("a").encode(), NOW));
		assertThat(upkeep().recover(this.queue, recovery)).containsExactly("a");
		unchanged(() -> assertThat(upkeep().recover(this.queue, recovery)).isEmpty());
	}

	private List<Answer> enqueue(BatchId batch, String... ids) {
		return this.broker.enqueue()
			.enqueue(this.queue, batch,
					Arrays.stream(ids)
						.map((id) -> new Command(id, message(id).encode(), null, OnConflict.FAIL, "", 0))
						.toList());
	}

	private StoredState pending(String first, String... others) {
		StoredState state = state().task(message(first), "pending");
		List<String> ids = new ArrayList<>(List.of(first));
		for (String id : others) {
			state.task(message(id), "pending");
			ids.add(0, id);
		}
		return state.list("pending", ids.toArray(String[]::new));
	}

	private List<Delivery> fetch(BatchId batch, int count) {
		return work().fetch(this.queue, batch, OWNER, count, 0).deliveries();
	}

	private static void assertRefused(Runnable action) {
		assertThatExceptionOfType(TaskQueueRefusedException.class).isThrownBy(action::run);
	}

}
