package io.taskqueue.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.taskqueue.EnqueueResult;
import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskState;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the template leaves in a real Redis. The tests' numbers are those of the
 * conformance scenarios.
 */
class StoredTasksTest extends StorageContract {

	private static final String MD5_OF_P = "83878c91171338902e0fe0fb97a8c47a";

	private final TaskTemplate template = new TaskTemplate(this.broker.enqueue(), new TextCodec(),
			(type) -> TaskOptions.unset(), ClientOptions.DEFAULTS, this.clock);

	StoredTasksTest() {
		super(Storage.JEDIS);
	}

	@Test
	@Scenario(9)
	void scenario09_enqueue() {
		TaskInfo info = once("a").enqueue();
		assertThat(info.state()).isEqualTo(TaskState.PENDING);
		assertThat(info.enqueued()).isEqualTo(Enqueued.CREATED);
		expect(pending("a"));
	}

	@Test
	@Scenario(10)
	void scenario10_order() {
		once("a").enqueue();
		once("b").enqueue();
		once("c").enqueue();
		assertThat(fetch(3)).containsExactly("a", "b", "c");
	}

	@Test
	@Scenario(11)
	void scenario11_idConflict() {
		once("a").enqueue();
		unchanged(() -> assertConflict(once("a"), Enqueued.CONFLICT));
	}

	@Test
	@Scenario(12)
	void scenario12_uniqueDuplicate() {
		once("a").unique(Duration.ofSeconds(60)).enqueue();
		unchanged(() -> assertConflict(once("b").unique(Duration.ofSeconds(60)), Enqueued.DUPLICATE));
	}

	@Test
	@Scenario(13)
	void scenario13_uniqueIdConflictLeavesNoLock() {
		once("a").enqueue();
		unchanged(() -> assertConflict(once("a").unique(Duration.ofSeconds(60)), Enqueued.CONFLICT));
	}

	@Test
	void uniqueTakesAsynqsLock() {
		once("a").unique(Duration.ofMillis(60_900)).enqueue();
		expect(state().registered()
			.list("pending", "a")
			.task(task("a").retries(0, 10).unique(lockKey(MD5_OF_P)).message(), "pending", "pending_since", NOW_NS,
					"unique_key", lockKey(MD5_OF_P))
			.lock(lockKey(MD5_OF_P), "a", 60));
	}

	/** asynq allows 25 retries. */
	@Test
	@Scenario(14)
	void scenario14_defaults() {
		once("a").enqueue();
		assertStored("a", new TaskMessage("t", new byte[] { 'p' }, "a", this.queue, 10, 0, "", 1800, 0, "", 0, 0, 0, "",
				Map.of()));
	}

	@Test
	@Scenario(14)
	void scenario14_onlyADeadline() {
		once("a").deadline(NOW.plusSeconds(60)).enqueue();
		assertStored("a", new TaskMessage("t", new byte[] { 'p' }, "a", this.queue, 10, 0, "", 0, NOW_S + 60, "", 0, 0,
				0, "", Map.of()));
	}

	@Test
	void optionsAreStoredInWholeSeconds() {
		once("a").retry(0)
			.timeout(Duration.ofMillis(500))
			.retention(Duration.ofMillis(1500))
			.header("k", "v")
			.enqueue();
		assertStored("a", new TaskMessage("t", new byte[] { 'p' }, "a", this.queue, 0, 0, "", 1, 0, "", 0, 2, 0, "",
				Map.of("k", "v")));
	}

	@Test
	@Scenario(16)
	void scenario16_schedule() {
		Instant at = NOW.plusMillis(10_900);
		TaskInfo info = once("a").at(at).enqueue();
		assertThat(info.state()).isEqualTo(TaskState.SCHEDULED);
		assertThat(info.nextProcessAt()).isEqualTo(Instant.ofEpochMilli(NOW_MS + 10_901));
		expect(state().registered()
			.zset("scheduled", "a", NOW_S + 12)
			.zset("tq:due", "a", NOW_MS + 10_901)
			.task(stored("a"), "scheduled"));
	}

	@Test
	@Scenario(17)
	void scenario17_timeInThePast() {
		once("a").at(NOW.minusSeconds(60)).enqueue();
		expect(pending("a"));
	}

	@Test
	@Scenario(17)
	void scenario17_timeIsNow() {
		once("a").at(NOW).enqueue();
		expect(pending("a"));
	}

	@Test
	@Scenario(22)
	void scenario22_batch() {
		given(pending("a").lock(lockKey(MD5_OF_P), "other", 60));
		List<EnqueueResult> results = this.template.enqueueAll(List.of(once("a").toRequest(),
				once("b").unique(Duration.ofSeconds(60)).toRequest(), once("c").toRequest()));
		assertThat(results).extracting(EnqueueResult::outcome)
			.containsExactly(Enqueued.CONFLICT, Enqueued.DUPLICATE, Enqueued.CREATED);
		expect(pending("a").lock(lockKey(MD5_OF_P), "other", 60)
			.list("pending", "c", "a")
			.task(stored("c"), "pending", "pending_since", NOW_NS));
	}

	@Test
	void replacementIsStoredInPlaceOfTheWaitingTask() {
		once("a").payload("old").in(Duration.ofMinutes(5)).enqueue();
		assertThat(once("a").onConflict(OnConflict.REPLACE).enqueue().enqueued()).isEqualTo(Enqueued.REPLACED);
		expect(pending("a"));
	}

	private OnceTask once(String id) {
		return this.template.once("t").uuid(id).queue(this.queue).payload("p");
	}

	private TaskMessage stored(String id) {
		return task(id).retries(0, 10).message();
	}

	private StoredState pending(String id) {
		return state().registered().list("pending", id).task(stored(id), "pending", "pending_since", NOW_NS);
	}

	private void assertStored(String id, TaskMessage message) {
		expect(state().registered().list("pending", id).task(message, "pending", "pending_since", NOW_NS));
	}

	private static void assertConflict(OnceTask task, Enqueued reason) {
		assertThatExceptionOfType(TaskConflictException.class).isThrownBy(task::enqueue)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

}
