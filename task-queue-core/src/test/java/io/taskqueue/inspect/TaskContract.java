package io.taskqueue.inspect;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.taskqueue.QueueNotFoundException;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskState;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StoredState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Single tasks, whoever left them as they are.
 */
abstract class TaskContract extends InspectorContract {

	/** asynq's record of a task with every field, protocol §17. */
	private static final String GOLDEN = "0a0a656d61696c3a73656e64120e7b22757365725f6964223a34327d1a2430303030303030302d303030302d34303030"
			+ "2d383030302d3030303030303030303030312208637269746963616c281930023a04626f6f6d40880e4880e6fe890752246173"
			+ "796e713a7b637269746963616c7d3a756e697175653a656d61696c3a73656e643a785880e2cfaa0660901c68e4e2cfaa067203"
			+ "6772707a1c0a0b7472616365706172656e74120d30302d6162632d6465662d3031";

	private static final String GOLDEN_ID = "00000000-0000-4000-8000-000000000001";

	/** What is noted of a task that was put off three times. */
	private static final String PUT_OFF = "3@" + NOW_MS + "/12345678/";

	TaskContract(Storage storage) {
		super(storage);
	}

	@Test
	void everyFieldThatAsynqWrites() {
		given(state().registered()
			.hash("t:" + GOLDEN_ID, "msg", HexFormat.of().parseHex(GOLDEN), "state", "completed", "result", "done")
			.zset("completed", GOLDEN_ID, 1700003700));
		TaskDetails found = found(GOLDEN_ID);
		Instant done = Instant.ofEpochSecond(1700000100);
		TaskInfo expected = new TaskInfo(GOLDEN_ID, "email:send", this.queue, TaskState.COMPLETED, null,
				utf8("{\"user_id\":42}"), Map.of("traceparent", "00-abc-def-01"), 25, 2, Duration.ofMinutes(30),
				Instant.ofEpochSecond(1900000000), Duration.ofHours(1), null, "boom", Instant.ofEpochSecond(1700000000),
				done, "grp", utf8("done"));
		assertThat(found.task()).usingRecursiveComparison().isEqualTo(expected);
		assertThat(found.problem()).isNull();
		assertThat(found.since()).isEqualTo(done);
		assertThat(found.keptUntil()).isEqualTo(Instant.ofEpochSecond(1700003700));
		assertThat(listed(TaskState.COMPLETED)).singleElement().usingRecursiveComparison().isEqualTo(found);
	}

	@Test
	void leastThatAsynqWrites() {
		byte[] record = HexFormat.of().parseHex("0a01741a026964220764656661756c7440880e");
		given(state().registered().hash("t:id", "msg", record, "state", "pending").list("pending", "id"));
		TaskInfo expected = new TaskInfo("id", "t", this.queue, TaskState.PENDING, null, new byte[0], Map.of(), 0, 0,
				Duration.ofMinutes(30), null, Duration.ZERO, NOW, null, null, null, null, null);
		assertThat(found("id").task()).usingRecursiveComparison().isEqualTo(expected);
		assertThat(found("id").since()).as("put back by asynq, which does not note when").isNull();
	}

	@Test
	void pendingTaskRunsNow() {
		given(state().registered().task(message("a"), "pending", "pending_since", NOW_NS - 7).list("pending", "a"));
		assertThat(found("a").since()).isEqualTo(NOW.minusNanos(7));
		assertThat(found("a").task().nextProcessAt()).isEqualTo(NOW);
		assertThat(found("a").orphaned()).isFalse();
	}

	@ParameterizedTest
	@EnumSource(names = { "SCHEDULED", "RETRY" })
	void taskOfOursIsDueToTheMillisecond(TaskState state) {
		given(waiting(state, second(60), NOW_S * 1000 + 59_123));
		assertThat(found("a").task().nextProcessAt()).isEqualTo(second(59).plusMillis(123));
		assertThat(listed(state)).singleElement().usingRecursiveComparison().isEqualTo(found("a"));
	}

	@ParameterizedTest
	@EnumSource(names = { "SCHEDULED", "RETRY" })
	void exactTimeThatAnOperatorLeftBehindDoesNotCount(TaskState state) {
		given(waiting(state, second(60), NOW_S * 1000 + 5_123));
		assertThat(found("a").task().nextProcessAt()).isEqualTo(second(60));
	}

	@Test
	void taskThatWeHold() {
		given(held("a").registered()
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:crashes", 2, "tq:deferred",
					PUT_OFF, "tq:cancel", NOW_S + 30)
			.next("a", message("a"), 0, 0, "", 0));
		TaskDetails found = found("a");
		assertThat(found.owner()).isEqualTo(OWNER);
		assertThat(found.leaseUntil()).isEqualTo(second(30));
		assertThat(found.orphaned()).isFalse();
		assertThat(found.crashes()).isEqualTo(2);
		assertThat(found.deferrals()).isEqualTo(3);
		assertThat(found.cancelRequested()).isTrue();
		assertThat(found.replaced()).isTrue();
		assertThat(listed(TaskState.ACTIVE)).singleElement().usingRecursiveComparison().isEqualTo(found);
	}

	@Test
	void taskThatAsynqHolds() {
		given(state().registered().task(message("a"), "active").list("active", "a").zset("lease", "a", NOW_S + 1));
		assertThat(found("a").owner()).isNull();
		assertThat(found("a").leaseUntil()).isEqualTo(second(1));
		assertThat(found("a").orphaned()).isFalse();
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(found("a").orphaned()).isTrue();
	}

	@Test
	void taskThatAsynqTookFromUsIsNoLongerOurs() {
		given(state().registered()
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S - 90, "tq:crashes", 2, "tq:deferred",
					PUT_OFF, "tq:cancel", NOW_S - 90)
			.list("active", "a")
			.zset("lease", "a", NOW_S + 20));
		assertThat(found("a").owner()).isNull();
		assertNothingKnown(TaskState.ACTIVE);
	}

	@Test
	void requestToCancelCountsForOneHolderOnly() {
		given(held("a").registered()
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:cancel", NOW_S + 20));
		assertThat(found("a").cancelRequested()).isFalse();
		assertThat(found("a").owner()).isEqualTo(OWNER);
	}

	@Test
	void activeTaskWithoutALeaseIsOrphaned() {
		given(state().registered().task(message("a"), "active").list("active", "a"));
		assertThat(found("a").orphaned()).isTrue();
		assertThat(found("a").leaseUntil()).isNull();
		assertThat(listed(TaskState.ACTIVE)).singleElement().usingRecursiveComparison().isEqualTo(found("a"));
	}

	@Test
	void taskThatWasPutOff() {
		given(waiting(TaskState.SCHEDULED, second(60), 0).task(message("a"), "scheduled", "tq:at",
				NOW_S * 1000 + 59_123, "tq:crashes", 2, "tq:deferred", PUT_OFF));
		assertKnown(TaskState.SCHEDULED);
	}

	@Test
	void taskThatWasPutOffAndIsPendingAgain() {
		given(putOffAndPending(NOW_NS));
		assertKnown(TaskState.PENDING);
		this.clock.advance(Duration.ofMinutes(10));
		assertNothingKnown(TaskState.PENDING);
	}

	@Test
	void pendingTaskThatOthersHaveMovedHasNoPast() {
		given(putOffAndPending(NOW_NS - 1));
		assertNothingKnown(TaskState.PENDING);
	}

	@ParameterizedTest
	@EnumSource(names = { "SCHEDULED", "RETRY", "ARCHIVED", "COMPLETED" })
	void taskThatOthersHaveMovedHasNoPast(TaskState state) {
		given(waiting(state, second(60), 0).task(message("a"), state.wireName(), "tq:at", NOW_S * 1000 + 5_123,
				"tq:crashes", 2, "tq:deferred", PUT_OFF, "tq:owner", OWNER, "tq:lease", NOW_S, "tq:cancel", NOW_S));
		assertNothingKnown(state);
	}

	@Test
	void taskInAGroup() {
		given(state().registered()
			.task(task("a").group("g").message(), "aggregating", "group", "g")
			.set("groups", "g")
			.zset("g:g", "a", NOW_S - 3));
		assertThat(found("a").state()).isEqualTo(TaskState.AGGREGATING);
		assertThat(found("a").since()).isEqualTo(second(-3));
		assertThat(found("a").task().group()).isEqualTo("g");
		assertThat(this.inspector.groupTasks(this.queue, "g", Paging.first()).items()).singleElement()
			.usingRecursiveComparison()
			.isEqualTo(found("a"));
		assertThat(this.inspector.groupTasks(this.queue, "other", Paging.first()).items()).isEmpty();
	}

	@Test
	void taskThatIsBeingAggregatedIsInNoGroup() {
		given(state().registered()
			.task(task("a").group("g").message(), "aggregating", "group", "g")
			.zset("g:g:set", "a", NOW_S - 3));
		assertThat(found("a").problem()).isNull();
	}

	@Test
	void archivedTaskSaysSinceWhen() {
		given(waiting(TaskState.ARCHIVED, second(-60), 0));
		assertThat(found("a").since()).isEqualTo(second(-60));
		assertThat(found("a").task().nextProcessAt()).isNull();
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = { "AGGREGATING", "PENDING", "ACTIVE" })
	@Scenario(57)
	void scenario57_scoresWithFractions(TaskState state) {
		given(state().registered()
			.task(message("a"), state.wireName())
			.zset(state.wireName(), "a", NOW_S + ".25", "ghost", NOW_S + ".5"));
		assertThat(listed(state)).extracting(TaskDetails::id).containsExactly("a", "ghost");
		TaskDetails found = found("a");
		assertThat(found.problem()).isNull();
		Instant time = second(0).plusMillis(250);
		switch (state) {
			case SCHEDULED, RETRY -> assertThat(found.task().nextProcessAt()).isEqualTo(time);
			case ARCHIVED -> assertThat(found.since()).isEqualTo(time);
			default -> assertThat(found.keptUntil()).isEqualTo(time);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Infinity", "1e300", "-1e18" })
	void scoreThatIsNoTime(String score) {
		given(state().registered().task(message("a"), "retry").zset("retry", "a", score));
		assertThat(listed(TaskState.RETRY)).singleElement()
			.satisfies((task) -> assertThat(task.problem()).startsWith("its score").endsWith("is no time"))
			.satisfies((task) -> assertThat(task.task().nextProcessAt()).isNull());
	}

	@Test
	void scoreInMicroseconds() {
		given(state().registered().task(message("a"), "retry").zset("retry", "a", NOW_S * 1_000_000 + 250_000));
		assertThat(found("a").task().nextProcessAt()).isEqualTo(second(0).plusMillis(250));
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "AGGREGATING")
	@Scenario(58)
	void scenario58_whatCannotBeReadIsListedBesideTheOthers(TaskState state) {
		String name = state.wireName();
		StoredState stored = state().registered()
			.task(message("a-good"), name)
			.hash("t:b-garbage", "msg", "no record", "state", name)
			.hash("t:c-empty", "tq:owner", "x")
			.text("t:d-foreign", "left")
			.task(message("e-elsewhere"), "lost");
		String[] ids = { "f-ghost", "e-elsewhere", "d-foreign", "c-empty", "b-garbage", "a-good" };
		if (state == TaskState.PENDING || state == TaskState.ACTIVE) {
			stored = stored.list(name, ids);
		}
		else {
			stored = stored.zset(name, ids[5], NOW_S, ids[4], NOW_S, ids[3], NOW_S, ids[2], NOW_S, ids[1], NOW_S,
					ids[0], NOW_S);
		}
		given(stored);
		List<TaskDetails> listed = listed(state);
		assertThat(listed).extracting(TaskDetails::id)
			.containsExactly("a-good", "b-garbage", "c-empty", "d-foreign", "e-elsewhere", "f-ghost");
		assertThat(listed).extracting(TaskDetails::state).containsOnly(state);
		assertThat(listed.get(0).problem()).isNull();
		assertThat(listed.get(1).problem()).startsWith("its record cannot be read: not a valid TaskMessage record");
		assertThat(listed.get(2).problem()).isEqualTo("there is no record of it, only its id is listed");
		assertThat(listed.get(3).problem()).isEqualTo("a string is stored in place of the task");
		assertThat(listed.get(4).problem()).isEqualTo("it is listed as " + name + ", but says that it is lost");
		assertThat(listed.get(5).problem()).isEqualTo("there is no record of it, only its id is listed");
		assertThat(listed).extracting((task) -> task.task() != null)
			.containsExactly(true, false, false, false, true, false);
	}

	@ParameterizedTest
	@EnumSource
	void listThatIsSomethingElseIsEmpty(TaskState state) {
		given(state().registered());
		String group = (state == TaskState.AGGREGATING) ? "g" : null;
		spoil((group != null) ? "g:g" : state.wireName());
		Listing<TaskDetails> listing = (group != null) ? this.inspector.groupTasks(this.queue, group, Paging.first())
				: this.inspector.tasks(this.queue, state, Paging.first());
		assertThat(listing).isEqualTo(new Listing<>(List.of(), 0, null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "lease", "tq:due", "tq:next", "scheduled", "g:g" })
	void tasksAreFoundWhateverTheOtherKeysHold(String name) {
		given(state().registered()
			.task(message("active"), "active")
			.list("active", "active")
			.task(message("scheduled"), "scheduled")
			.task(message("grouped"), "aggregating", "group", "g"));
		spoil(name);
		for (String id : List.of("active", "scheduled", "grouped")) {
			assertThat(found(id).task()).isNotNull();
		}
		assertThat(listed(TaskState.ACTIVE)).hasSize(1);
	}

	@Test
	void taskThatIsNotThere() {
		given(state().registered());
		assertThat(this.inspector.find(this.queue, "a")).isEmpty();
		assertThat(this.inspector.find("nowhere", "a")).isEmpty();
		assertThat(this.inspector.find("a")).isEmpty();
	}

	@Test
	void taskInAStateOfItsOwn() {
		given(state().registered().task(message("a"), "parked").hash("t:b", "msg", message("b").encode()));
		assertThat(found("a").problem()).isEqualTo("its state 'parked' is none of asynq's");
		assertThat(found("a").state()).isNull();
		assertThat(found("a").task()).isNull();
		assertThat(found("b").problem()).isEqualTo("it has no state");
	}

	@ParameterizedTest
	@EnumSource(names = { "SCHEDULED", "RETRY", "ARCHIVED", "COMPLETED" })
	void taskThatNobodyListsSaysSo(TaskState state) {
		given(state().registered().task(message("a"), state.wireName()));
		assertThat(found("a").problem())
			.isEqualTo("it says that it is %s, but is not listed there".formatted(state.wireName()));
		assertThat(found("a").task()).isNotNull();
	}

	@Test
	void idIsLookedForInEveryQueue() {
		given(state());
		List<String> expected = new ArrayList<>();
		try (Jedis jedis = jedis()) {
			for (int i = 100; i < 180; i++) {
				String name = this.queue + "-" + i;
				jedis.sadd("asynq:queues", name);
				if (i % 2 == 0) {
					expected.add(name);
					jedis.hset("asynq:{" + name + "}:t:a", "state", "archived");
				}
			}
		}
		assertThat(this.inspector.find("a")).extracting(TaskDetails::queue).isEqualTo(expected);
	}

	@Test
	void nothingIsListedOfAQueueThatDoesNotExist() {
		given(state());
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> this.inspector.tasks(this.queue, TaskState.PENDING, Paging.first()))
			.withMessageContaining(this.queue);
		assertThatExceptionOfType(QueueNotFoundException.class)
			.isThrownBy(() -> this.inspector.groupTasks(this.queue, "g", Paging.first()));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.inspector.tasks(this.queue, TaskState.AGGREGATING, Paging.first()))
			.withMessageContaining("groupTasks");
	}

	private StoredState waiting(TaskState state, Instant second, long dueMillis) {
		StoredState stored = state().registered()
			.task(message("a"), state.wireName())
			.zset(state.wireName(), "a", second.getEpochSecond());
		return (dueMillis != 0) ? stored.zset("tq:due", "a", dueMillis) : stored;
	}

	private StoredState putOffAndPending(long at) {
		return state().registered()
			.task(message("a"), "pending", "pending_since", NOW_NS, "tq:at", at, "tq:crashes", 2, "tq:deferred",
					PUT_OFF)
			.list("pending", "a");
	}

	private void assertKnown(TaskState state) {
		TaskDetails found = found("a");
		assertThat(found.crashes()).isEqualTo(2);
		assertThat(found.deferrals()).isEqualTo(3);
		assertThat(found.deferredSince()).isEqualTo(Instant.ofEpochMilli(NOW_MS));
		assertThat(listed(state)).singleElement().usingRecursiveComparison().isEqualTo(found);
	}

	private void assertNothingKnown(TaskState state) {
		TaskDetails found = found("a");
		assertThat(found.crashes()).isZero();
		assertThat(found.deferrals()).isZero();
		assertThat(found.deferredSince()).isNull();
		assertThat(found.cancelRequested()).isFalse();
		assertThat(listed(state)).singleElement().usingRecursiveComparison().isEqualTo(found);
	}

	private TaskDetails found(String id) {
		return this.inspector.find(this.queue, id).orElseThrow();
	}

	private List<TaskDetails> listed(TaskState state) {
		return this.inspector.tasks(this.queue, state, Paging.first()).items();
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
