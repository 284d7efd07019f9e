package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.QueueNotFoundException;
import io.taskqueue.QueueStateException;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskNotFoundException;
import io.taskqueue.TaskState;
import io.taskqueue.TaskStateException;
import io.taskqueue.broker.ControlBroker.Answer;
import io.taskqueue.broker.ControlBroker.Verb;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.inspect.TaskChange;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.testing.AsynqOperator;
import io.taskqueue.testing.KeyDump;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What operators do to queues and tasks, beside what asynq's tools make of the same.
 */
abstract class ControlContract extends StorageContract {

	private final TaskInspector inspector;

	ControlContract(Storage storage) {
		super(storage);
		this.inspector = new TaskInspector(this.broker.inspect(), this.broker.snapshots(), this.broker.control(),
				this.clock);
	}

	static Stream<Arguments> scenario59() {
		return Arrays.stream(Verb.values())
			.flatMap((verb) -> Arrays.stream(TaskState.values()).map((state) -> Arguments.of(verb, state)));
	}

	@ParameterizedTest
	@MethodSource
	@Scenario(59)
	void scenario59(Verb verb, TaskState state) {
		given(inState(state));
		long asynqs = asynq(verb);
		KeyDump after = dump();
		given(inState(state));
		Answer ours = this.broker.control().change(this.queue, verb, List.of("a")).get(0);
		assertThat(ours).isEqualTo(expected(verb, asynqs));
		assertThat(dump().asynq()).isEqualTo(after.asynq());
		if (ours == Answer.DONE) {
			assertThat(dump().ours()).isEmpty();
		}
	}

	private long asynq(Verb verb) {
		AsynqOperator operator = operator();
		return switch (verb) {
			case RUN -> operator.run("a");
			case ARCHIVE -> operator.archive("a");
			case DELETE -> operator.delete("a");
		};
	}

	private static Answer expected(Verb verb, long asynqs) {
		if (asynqs == 1) {
			return Answer.DONE;
		}
		return (asynqs == ((verb == Verb.ARCHIVE) ? -2 : -1)) ? Answer.ACTIVE : Answer.ALREADY;
	}

	@ParameterizedTest
	@EnumSource(names = { "SCHEDULED", "RETRY", "ARCHIVED" })
	void allAreRunInAsynqsOrder(TaskState state) {
		given(many(state, 1200));
		operator().runAll(state.wireName());
		KeyDump after = dump();
		given(many(state, 1200));
		assertThat(this.inspector.runAll(this.queue, state)).isEqualTo(1200);
		assertThat(dump().asynq()).isEqualTo(after.asynq());
	}

	@ParameterizedTest
	@EnumSource(names = { "PENDING", "SCHEDULED", "RETRY" })
	void allAreArchived(TaskState state) {
		given(many(state, 1200));
		operator().archiveAll(state.wireName());
		KeyDump after = dump();
		given(many(state, 1200));
		assertThat(this.inspector.archiveAll(this.queue, state)).isEqualTo(1200);
		assertThat(dump().asynq()).isEqualTo(after.asynq());
	}

	@ParameterizedTest
	@EnumSource(names = { "PENDING", "SCHEDULED", "RETRY", "ARCHIVED", "COMPLETED" })
	void allAreDeleted(TaskState state) {
		given(many(state, 1200));
		assertThat(this.inspector.deleteAll(this.queue, state)).isEqualTo(1200);
		expect(state().registered());
	}

	@ParameterizedTest
	@EnumSource
	void allOfAGroup(Verb verb) {
		given(inState(TaskState.AGGREGATING).registered());
		assertThat(switch (verb) {
			case RUN -> this.inspector.runGroup(this.queue, "g");
			case ARCHIVE -> this.inspector.archiveGroup(this.queue, "g");
			case DELETE -> this.inspector.deleteGroup(this.queue, "g");
		}).isEqualTo(1);
		assertThat(dump().asynq()).doesNotContainKeys(key("groups"), key("g:g"));
	}

	@Test
	void entriesWithoutATaskAreDropped() {
		given(state().registered().list("pending", "a", "ghost").task(message("a"), "pending"));
		assertThat(this.inspector.archiveAll(this.queue, TaskState.PENDING)).isEqualTo(1);
		expect(state().registered().zset("archived", "a", NOW_S).task(message("a"), "archived"));
	}

	@Test
	void eachOfManyIsAnswered() {
		given(inState(TaskState.SCHEDULED).registered()
			.list("pending", "p")
			.task(message("p"), "pending")
			.list("active", "r")
			.task(message("r"), "active")
			.zset("lease", "r", NOW_S + 30)
			.task(message("lost"), "retry"));
		assertThat(this.inspector.run(this.queue, List.of("a", "p", "r", "none", "lost"))).containsExactly(
				Map.entry("a", TaskChange.DONE), Map.entry("p", TaskChange.ALREADY), Map.entry("r", TaskChange.ACTIVE),
				Map.entry("none", TaskChange.NOT_FOUND), Map.entry("lost", TaskChange.ELSEWHERE));
	}

	@Test
	void refusalsSayWhy() {
		given(inState(TaskState.ACTIVE).registered());
		assertThatExceptionOfType(TaskStateException.class).isThrownBy(() -> this.inspector.delete(this.queue, "a"))
			.withMessage("Task 'a' of queue '%s' is active; it can only be cancelled".formatted(this.queue));
		assertThatExceptionOfType(TaskNotFoundException.class).isThrownBy(() -> this.inspector.run(this.queue, "b"));
		assertThatExceptionOfType(QueueNotFoundException.class).isThrownBy(() -> this.inspector.run("nowhere", "b"));
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> this.inspector.deleteAll("nowhere", TaskState.PENDING));
		assertThatIllegalArgumentException().isThrownBy(() -> this.inspector.deleteAll(this.queue, TaskState.ACTIVE))
			.withMessage("All active tasks cannot be told to delete");
	}

	@Test
	void foreignLockIsLeftAlone() {
		given(inState(TaskState.RETRY).lock(lockKey("x"), "other", 600));
		this.inspector.delete(this.queue, "a");
		expect(state().lock(lockKey("x"), "other", 600));
	}

	@Test
	@Scenario(63)
	void scenario63_pauseAndResumeTwice() {
		this.inspector.pause(this.queue);
		unchanged(() -> assertThatExceptionOfType(QueueStateException.class)
			.isThrownBy(() -> this.inspector.pause(this.queue))
			.withMessage("Queue '%s' is paused already".formatted(this.queue)));
		expect(state().text("paused", NOW_S));
		this.inspector.resume(this.queue);
		unchanged(() -> assertThatExceptionOfType(QueueStateException.class)
			.isThrownBy(() -> this.inspector.resume(this.queue)));
		expect(state());
	}

	@ParameterizedTest
	@EnumSource(names = { "PENDING", "SCHEDULED", "RETRY" })
	void waitingTaskGetsAnotherTime(TaskState state) {
		given(inState(state));
		this.inspector.reschedule(this.queue, "a", Instant.ofEpochMilli(NOW_MS + 2500));
		String set = (state == TaskState.RETRY) ? "retry" : "scheduled";
		expect(state().zset(set, "a", NOW_S + 3)
			.zset("tq:due", "a", NOW_MS + 2500)
			.task(unique(), set, "unique_key", lockKey("x"))
			.lock(lockKey("x"), "a", 600));
		this.clock.advance(Duration.ofMillis(2500));
		assertThat(upkeep().promote(this.queue, 10).moved()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(names = { "ACTIVE", "ARCHIVED", "COMPLETED", "AGGREGATING" })
	void othersAreNeitherRescheduledNorRewritten(TaskState state) {
		given(inState(state));
		unchanged(() -> {
			assertThatExceptionOfType(TaskStateException.class)
				.isThrownBy(() -> this.inspector.reschedule(this.queue, "a", NOW));
			assertThatExceptionOfType(TaskStateException.class)
				.isThrownBy(() -> this.inspector.updatePayload(this.queue, "a", utf8("new")));
		});
	}

	@Test
	void lockOfItsOwnKeyStaysWithAnotherPayload() {
		given(inState(TaskState.RETRY));
		this.inspector.updatePayload(this.queue, "a", utf8("new"));
		expect(inState(TaskState.RETRY).task(task("a").payload("new").unique(lockKey("x")).message(), "retry",
				"unique_key", lockKey("x"), "tq:crashes", 2, "tq:deferred", "1@1", "tq:at", NOW_NS));
	}

	@Test
	void lockOfThePayloadMovesWithIt() {
		String before = Keys.unique(this.queue, "t", utf8("p"));
		String after = Keys.unique(this.queue, "t", utf8("new"));
		given(state().list("pending", "a")
			.task(task("a").unique(before).message(), "pending", "unique_key", before)
			.lock(before, "a", 600));
		this.inspector.updatePayload(this.queue, "a", utf8("new"));
		StoredState moved = state().list("pending", "a")
			.task(task("a").payload("new").unique(after).message(), "pending", "unique_key", after)
			.lock(after, "a", 600);
		expect(moved);
		String taken = Keys.unique(this.queue, "t", utf8("taken"));
		given(moved.lock(taken, "other", 600));
		unchanged(() -> assertThatExceptionOfType(TaskConflictException.class)
			.isThrownBy(() -> this.inspector.updatePayload(this.queue, "a", utf8("taken"))));
	}

	@Test
	void recordThatHasChangedIsNotOverwritten() {
		given(inState(TaskState.SCHEDULED));
		unchanged(() -> assertThat(
				this.broker.control().rewrite(this.queue, "a", utf8("what was read"), utf8("new"), "", ""))
			.isEqualTo(Answer.CHANGED));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void queueIsDeletedWithAllThatBelongsToIt(boolean again) {
		StoredState full = state().registered().text("paused", NOW_S).counters(5, 2);
		for (TaskState state : TaskState.values()) {
			if (state != TaskState.ACTIVE) {
				addTo(full, state, state.wireName());
			}
		}
		given(full.zset("tq:due", "scheduled", NOW_MS)
			.zset("tq:owners", OWNER, NOW_S)
			.zset("g:g:staged", "s", NOW_S)
			.zset("aggregation_sets", key("g:g:staged"), NOW_S)
			.task(message("s"), "aggregating", "group", "g"));
		unchanged(() -> assertThatExceptionOfType(QueueStateException.class)
			.isThrownBy(() -> this.inspector.deleteQueue(this.queue, false)));
		if (again) {
			// As if the first call had been cut off after its first step
			this.broker.control().beginDeletion(this.queue, true);
		}
		this.inspector.deleteQueue(this.queue, true);
		expect(state());
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> this.inspector.deleteQueue(this.queue, true));
	}

	@Test
	void queueWithActiveTasksIsNotDeleted() {
		given(held("a").registered());
		unchanged(() -> assertThatExceptionOfType(QueueStateException.class)
			.isThrownBy(() -> this.inspector.deleteQueue(this.queue, true)));
	}

	@Test
	void whatIsEnqueuedWhileItsQueueIsDeletedStays() {
		given(many(TaskState.PENDING, 3));
		this.broker.control().beginDeletion(this.queue, true);
		Command command = new Command("0001", message("0001").encode(), null, OnConflict.FAIL, "", 0);
		assertThat(this.broker.enqueue().enqueue(this.queue, this.lane.next(), List.of(command)).get(0).outcome())
			.isEqualTo(Enqueued.CREATED);
		assertThat(this.broker.control().deleteSome(this.queue, 10)).isEqualTo(3);
		assertThat(this.broker.control().deleteSome(this.queue, 10)).isZero();
		assertThat(fetch(5)).containsExactly("0001");
		assertThat(dump().asynq()).doesNotContainKeys(key("t:0000 msg"), key("t:0002 msg"));
	}

	/** A unique task that has a past, in a state. */
	private StoredState inState(TaskState state) {
		StoredState stored = addTo(state(), state, "a");
		return stored.task(unique(), state.wireName(), fields(state)).lock(lockKey("x"), "a", 600);
	}

	private static Object[] with(Object[] some, Object... more) {
		List<Object> all = new ArrayList<>(List.of(some));
		all.addAll(List.of(more));
		return all.toArray();
	}

	private Object[] fields(TaskState state) {
		Object[] past = { "unique_key", lockKey("x"), "tq:crashes", 2, "tq:deferred", "1@1", "tq:at", NOW_NS };
		return (state == TaskState.AGGREGATING) ? with(past, "group", "g") : past;
	}

	private StoredState addTo(StoredState stored, TaskState state, String id) {
		switch (state) {
			case PENDING -> stored.list("pending", id);
			case ACTIVE -> stored.list("active", id).zset("lease", id, NOW_S + 30);
			case AGGREGATING -> stored.zset("g:g", id, NOW_S).set("groups", "g");
			default -> stored.zset(state.wireName(), id, NOW_S + 9);
		}
		return (state == TaskState.AGGREGATING) ? stored.task(message(id), state.wireName(), "group", "g")
				: stored.task(message(id), state.wireName());
	}

	private StoredState many(TaskState state, int count) {
		StoredState stored = state().registered();
		List<Object> scores = new ArrayList<>();
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			String id = "%04d".formatted(i);
			ids.add(id);
			scores.addAll(List.of(id, NOW_S + i));
			stored.task(message(id), state.wireName());
		}
		return (state == TaskState.PENDING) ? stored.list("pending", ids.toArray(String[]::new))
				: stored.zset(state.wireName(), scores.toArray());
	}

	private TaskMessage unique() {
		return task("a").unique(lockKey("x")).message();
	}

	private String key(String name) {
		return Keys.queue(this.queue) + name;
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
