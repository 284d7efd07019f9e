package io.taskqueue.redis;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskState;
import io.taskqueue.broker.EnqueueBroker.Answer;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How tasks are stored whose ids are free.
 */
abstract class EnqueueContract extends StorageContract {

	static final Answer PENDING = new Answer(Enqueued.CREATED, TaskState.PENDING);

	static final Answer SCHEDULED = new Answer(Enqueued.CREATED, TaskState.SCHEDULED);

	EnqueueContract(Storage storage) {
		super(storage);
	}

	@Test
	@Scenario(9)
	void scenario09_enqueue() {
		assertThat(enqueue(now("a"))).containsExactly(PENDING);
		expect(state().registered().list("pending", "a").task(message("a"), "pending", "pending_since", NOW_NS));
	}

	@Test
	@Scenario(10)
	void scenario10_order() {
		enqueue(now("a"));
		enqueue(now("b"), now("c"));
		expect(state().registered()
			.list("pending", "c", "b", "a")
			.task(message("a"), "pending", "pending_since", NOW_NS)
			.task(message("b"), "pending", "pending_since", NOW_NS)
			.task(message("c"), "pending", "pending_since", NOW_NS));
		assertThat(List.of(go().dequeue(), go().dequeue(), go().dequeue())).containsExactly("a", "b", "c");
	}

	@Test
	@Scenario(16)
	void scenario16_scheduleRoundsUp() {
		assertThat(enqueue(at("a", NOW.plusMillis(10_900)))).containsExactly(SCHEDULED);
		expect(state().registered()
			.zset("scheduled", "a", NOW_S + 12)
			.zset("tq:due", "a", NOW_MS + 10_901)
			.task(message("a"), "scheduled"));
	}

	@Test
	void scheduleAtAWholeSecond() {
		enqueue(at("a", Instant.ofEpochSecond(NOW_S + 10)));
		expect(state().registered()
			.zset("scheduled", "a", NOW_S + 10)
			.zset("tq:due", "a", (NOW_S + 10) * 1000)
			.task(message("a"), "scheduled"));
	}

	@Test
	void batchOfBothKinds() {
		assertThat(enqueue(now("a"), at("b", NOW.plusSeconds(1)), now("c"))).containsExactly(PENDING, SCHEDULED,
				PENDING);
		expect(state().registered()
			.list("pending", "c", "a")
			.zset("scheduled", "b", NOW_S + 2)
			.zset("tq:due", "b", NOW_MS + 1001)
			.task(message("a"), "pending", "pending_since", NOW_NS)
			.task(message("b"), "scheduled")
			.task(message("c"), "pending", "pending_since", NOW_NS));
	}

	@Test
	void uniqueTakesItsLock() {
		assertThat(enqueue(unique("a", null))).containsExactly(PENDING);
		expect(state().registered()
			.list("pending", "a")
			.task(uniqueMessage("a"), "pending", "pending_since", NOW_NS, "unique_key", lockKey("x"))
			.lock(lockKey("x"), "a", 60));
	}

	@Test
	void scheduledUniqueTakesItsLock() {
		assertThat(enqueue(unique("a", NOW.plusSeconds(5)))).containsExactly(SCHEDULED);
		expect(state().registered()
			.zset("scheduled", "a", NOW_S + 6)
			.zset("tq:due", "a", NOW_MS + 5001)
			.task(uniqueMessage("a"), "scheduled", "unique_key", lockKey("x"))
			.lock(lockKey("x"), "a", 60));
	}

	@Test
	@Scenario(12)
	void scenario12_uniqueDuplicate() {
		given(state().lock(lockKey("x"), "other", 60));
		assertThat(enqueue(unique("a", null))).containsExactly(new Answer(Enqueued.DUPLICATE, null));
		expect(state().registered().lock(lockKey("x"), "other", 60));
	}

	@Test
	@Scenario(13)
	void scenario13_uniqueIdConflictLeavesNoLock() {
		given(state().registered().zset("archived", "a", NOW_S).task(message("a"), "archived"));
		unchanged(() -> assertThat(enqueue(unique("a", null)))
			.containsExactly(new Answer(Enqueued.CONFLICT, TaskState.ARCHIVED)));
	}

	@Test
	@Scenario(13)
	void scenario13_leakedLockOfTheSameIdIsTaken() {
		given(state().registered().lock(lockKey("x"), "a", 600));
		assertThat(enqueue(unique("a", null))).containsExactly(PENDING);
		expect(state().registered()
			.list("pending", "a")
			.task(uniqueMessage("a"), "pending", "pending_since", NOW_NS, "unique_key", lockKey("x"))
			.lock(lockKey("x"), "a", 60));
	}

	@Test
	@Scenario(22)
	void scenario22_batchAnswersEach() {
		given(state().registered()
			.zset("archived", "a", NOW_S)
			.task(message("a"), "archived")
			.lock(lockKey("x"), "other", 60));
		assertThat(enqueue(now("a"), unique("b", null), now("c"))).containsExactly(
				new Answer(Enqueued.CONFLICT, TaskState.ARCHIVED), new Answer(Enqueued.DUPLICATE, null), PENDING);
		expect(state().registered()
			.zset("archived", "a", NOW_S)
			.lock(lockKey("x"), "other", 60)
			.list("pending", "c")
			.task(message("a"), "archived")
			.task(message("c"), "pending", "pending_since", NOW_NS));
	}

	@Test
	void twoOfABatchMayNotShareAnId() {
		assertThat(enqueue(now("a"), at("a", NOW.plusSeconds(1)))).containsExactly(PENDING,
				new Answer(Enqueued.CONFLICT, TaskState.PENDING));
		expect(state().registered().list("pending", "a").task(message("a"), "pending", "pending_since", NOW_NS));
	}

	@Test
	void laterOfABatchReplacesTheFormer() {
		Command replacing = new Command("a", task("a").payload("new").message().encode(), null, OnConflict.REPLACE, "",
				0);
		assertThat(enqueue(now("a"), now("b"), replacing)).containsExactly(PENDING, PENDING,
				new Answer(Enqueued.REPLACED, TaskState.PENDING));
		expect(state().registered()
			.list("pending", "a", "b")
			.task(task("a").payload("new").message(), "pending", "pending_since", NOW_NS)
			.task(message("b"), "pending", "pending_since", NOW_NS));
	}

	@Test
	void twoOfABatchMayNotShareALock() {
		assertThat(enqueue(unique("a", null), unique("b", null))).containsExactly(PENDING,
				new Answer(Enqueued.DUPLICATE, null));
		expect(state().registered()
			.list("pending", "a")
			.task(uniqueMessage("a"), "pending", "pending_since", NOW_NS, "unique_key", lockKey("x"))
			.lock(lockKey("x"), "a", 60));
	}

	@Test
	void strayHashIsNoTask() {
		given(state().registered().hash("t:a", "result", "written too late"));
		assertThat(enqueue(now("a"))).containsExactly(PENDING);
		expect(state().registered().list("pending", "a").task(message("a"), "pending", "pending_since", NOW_NS));
	}

	private List<Answer> enqueue(Command... commands) {
		return this.broker.enqueue().enqueue(this.queue, this.lane.next(), Arrays.asList(commands));
	}

	private Command now(String id) {
		return new Command(id, message(id).encode(), null, OnConflict.FAIL, "", 0);
	}

	private Command at(String id, Instant at) {
		return new Command(id, message(id).encode(), at, OnConflict.FAIL, "", 0);
	}

	private Command unique(String id, @Nullable Instant at) {
		return new Command(id, uniqueMessage(id).encode(), at, OnConflict.FAIL, lockKey("x"), 60);
	}

	private TaskMessage uniqueMessage(String id) {
		return task(id).unique(lockKey("x")).message();
	}

}
