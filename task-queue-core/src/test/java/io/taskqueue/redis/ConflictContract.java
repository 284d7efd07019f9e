package io.taskqueue.redis;

import java.time.Instant;
import java.util.List;

import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskState;
import io.taskqueue.broker.EnqueueBroker.Answer;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a request whose id is taken, by the state of the task that has it.
 */
abstract class ConflictContract extends StorageContract {

	ConflictContract(Storage storage) {
		super(storage);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "COMPLETED")
	@Scenario(11)
	void scenario11_failIsAConflict(TaskState state) {
		given(existing(state));
		unchanged(() -> assertThat(enqueue(OnConflict.FAIL, null)).isEqualTo(new Answer(Enqueued.CONFLICT, state)));
	}

	/** asynq refuses here as well. */
	@ParameterizedTest
	@EnumSource
	@Scenario(11)
	void scenario11_completedTaskIsNotInTheWay(OnConflict onConflict) {
		given(existing(TaskState.COMPLETED));
		assertThat(enqueue(onConflict, null)).isEqualTo(new Answer(Enqueued.CREATED, TaskState.PENDING));
		expect(newPending());
	}

	@ParameterizedTest
	@EnumSource(names = { "PENDING", "SCHEDULED", "RETRY", "AGGREGATING", "ACTIVE" })
	void keepKeeps(TaskState state) {
		given(existing(state));
		unchanged(() -> assertThat(enqueue(OnConflict.KEEP, null)).isEqualTo(new Answer(Enqueued.KEPT, state)));
	}

	@ParameterizedTest
	@EnumSource(names = { "PENDING", "SCHEDULED", "RETRY", "AGGREGATING" })
	void replaceExchangesAWaitingTask(TaskState state) {
		given(existing(state));
		assertThat(enqueue(OnConflict.REPLACE, null)).isEqualTo(new Answer(Enqueued.REPLACED, TaskState.PENDING));
		expect(newPending());
	}

	@ParameterizedTest
	@EnumSource(names = { "PENDING", "SCHEDULED", "RETRY", "AGGREGATING" })
	void replacementMayBeScheduled(TaskState state) {
		given(existing(state));
		assertThat(enqueue(OnConflict.REPLACE, NOW.plusSeconds(5)))
			.isEqualTo(new Answer(Enqueued.REPLACED, TaskState.SCHEDULED));
		expect(state().registered()
			.zset("scheduled", "a", NOW_S + 6)
			.zset("tq:due", "a", NOW_MS + 5001)
			.task(newTask(), "scheduled"));
	}

	@ParameterizedTest
	@EnumSource(names = { "KEEP", "REPLACE" })
	void archivedTaskIsInTheWayOfFailOnly(OnConflict onConflict) {
		given(existing(TaskState.ARCHIVED));
		assertThat(enqueue(onConflict, null)).isEqualTo(new Answer(Enqueued.CREATED, TaskState.PENDING));
		expect(newPending());
	}

	@Test
	void replacementWaitsForARunningTask() {
		given(existing(TaskState.ACTIVE));
		assertThat(enqueue(OnConflict.REPLACE, null)).isEqualTo(new Answer(Enqueued.NEXT, TaskState.ACTIVE));
		expect(existing(TaskState.ACTIVE).next("a", newTask(), 0, 0, "", 0));
	}

	@Test
	void onlyTheNewestRequestWaits() {
		given(existing(TaskState.ACTIVE).next("a", message("a"), 0, 0, "", 0));
		assertThat(enqueue(OnConflict.REPLACE, NOW.plusSeconds(5)))
			.isEqualTo(new Answer(Enqueued.NEXT, TaskState.ACTIVE));
		expect(existing(TaskState.ACTIVE).next("a", newTask(), NOW_S + 6, NOW_MS + 5001, "", 0));
	}

	@Test
	void replacedTaskMayLeaveItsPlaceToOthers() {
		given(state().registered()
			.list("pending", "c", "a", "b")
			.task(message("a"), "pending", "pending_since", 1)
			.task(message("b"), "pending", "pending_since", 1)
			.task(message("c"), "pending", "pending_since", 1));
		enqueue(OnConflict.REPLACE, null);
		expect(state().registered()
			.list("pending", "a", "c", "b")
			.task(newTask(), "pending", "pending_since", NOW_NS)
			.task(message("b"), "pending", "pending_since", 1)
			.task(message("c"), "pending", "pending_since", 1));
	}

	@Test
	void groupThatIsNotEmptyStays() {
		StoredState other = state().registered()
			.set("groups", "g")
			.task(task("b").group("g").message(), "aggregating", "group", "g");
		given(other.zset("g:g", "a", NOW_S - 5, "b", NOW_S)
			.task(task("a").group("g").message(), "aggregating", "group", "g"));
		enqueue(OnConflict.REPLACE, null);
		expect(newPending().set("groups", "g")
			.zset("g:g", "b", NOW_S)
			.task(task("b").group("g").message(), "aggregating", "group", "g"));
	}

	@Test
	void replacedTaskFreesItsLock() {
		given(waitingUnique("x").lock(lockKey("x"), "a", 600));
		enqueue(OnConflict.REPLACE, null);
		expect(newPending());
	}

	@Test
	void replacedTaskLeavesALockThatIsNotItsOwn() {
		given(waitingUnique("x").lock(lockKey("x"), "other", 600));
		enqueue(OnConflict.REPLACE, null);
		expect(newPending().lock(lockKey("x"), "other", 600));
	}

	@Test
	void replacementTakesTheLockOver() {
		given(waitingUnique("x").lock(lockKey("x"), "a", 600));
		assertThat(enqueueUnique("x")).isEqualTo(new Answer(Enqueued.REPLACED, TaskState.PENDING));
		expect(newUnique("x").lock(lockKey("x"), "a", 60));
	}

	@Test
	void replacementMayChangeTheLock() {
		given(waitingUnique("x").lock(lockKey("x"), "a", 600));
		assertThat(enqueueUnique("y")).isEqualTo(new Answer(Enqueued.REPLACED, TaskState.PENDING));
		expect(newUnique("y").lock(lockKey("y"), "a", 60));
	}

	@Test
	void replacementDoesNotBreakALock() {
		given(waitingUnique("x").lock(lockKey("x"), "a", 600).lock(lockKey("y"), "other", 600));
		unchanged(() -> assertThat(enqueueUnique("y")).isEqualTo(new Answer(Enqueued.DUPLICATE, TaskState.SCHEDULED)));
	}

	private Answer enqueue(OnConflict onConflict, @Nullable Instant at) {
		return enqueue(new Command("a", newTask().encode(), at, onConflict, "", 0));
	}

	private Answer enqueueUnique(String lock) {
		byte[] message = task("a").payload("new").unique(lockKey(lock)).message().encode();
		return enqueue(new Command("a", message, null, OnConflict.REPLACE, lockKey(lock), 60));
	}

	private Answer enqueue(Command command) {
		return this.broker.enqueue().enqueue(this.queue, this.lane.next(), List.of(command)).get(0);
	}

	private TaskMessage newTask() {
		return task("a").payload("new").message();
	}

	private StoredState newPending() {
		return state().registered().list("pending", "a").task(newTask(), "pending", "pending_since", NOW_NS);
	}

	private StoredState newUnique(String lock) {
		return state().registered()
			.list("pending", "a")
			.task(task("a").payload("new").unique(lockKey(lock)).message(), "pending", "pending_since", NOW_NS,
					"unique_key", lockKey(lock));
	}

	private StoredState waitingUnique(String lock) {
		return state().registered()
			.zset("scheduled", "a", NOW_S + 60)
			.zset("tq:due", "a", (NOW_S + 60) * 1000)
			.task(task("a").unique(lockKey(lock)).message(), "scheduled", "unique_key", lockKey(lock));
	}

	/** A task as every state leaves it. */
	private StoredState existing(TaskState state) {
		return switch (state) {
			case PENDING -> state().registered()
				.list("pending", "a")
				.task(message("a"), "pending", "pending_since", 1, "tq:crashes", 1);
			case SCHEDULED,
					RETRY ->
				state().registered()
					.zset(state.wireName(), "a", NOW_S + 60)
					.zset("tq:due", "a", (NOW_S + 60) * 1000)
					.task(message("a"), state.wireName());
			case ACTIVE -> held("a").registered();
			case ARCHIVED,
					COMPLETED ->
				state().registered()
					.zset(state.wireName(), "a", NOW_S + 60)
					.task(message("a"), state.wireName(), "result", "r");
			case AGGREGATING -> state().registered()
				.set("groups", "g")
				.zset("g:g", "a", NOW_S - 5)
				.task(task("a").group("g").message(), "aggregating", "group", "g");
		};
	}

}
