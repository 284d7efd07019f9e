package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.broker.UpkeepBroker.Archive;
import io.taskqueue.broker.UpkeepBroker.Recovery;
import io.taskqueue.broker.UpkeepBroker.Requeue;
import io.taskqueue.broker.UpkeepBroker.RetryAt;
import io.taskqueue.testing.KeyDump;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A key of another type than it should have makes every step that needs it fail before it
 * has changed anything.
 */
abstract class WrongTypeContract extends StorageContract {

	private static final Instant LEASE = Instant.ofEpochSecond(NOW_S + 30);

	private static final List<String> KEYS = List.of("pending", "active", "lease", "scheduled", "retry", "archived",
			"completed", "groups", "g:g", "processed", "failed", "t:held", "t:waiting", "t:due", "t:grouped",
			"t:failed", "unique:t:x", "tq:due", "tq:owners", "tq:next");

	WrongTypeContract(Storage storage) {
		super(storage);
	}

	@Test
	void enqueueOfAFreeId() {
		refused(() -> enqueue("new", null, "y"), "pending", "scheduled", "retry", "archived", "completed", "tq:due",
				"tq:next");
	}

	@Test
	void enqueueLater() {
		refused(() -> enqueue("new", NOW.plusSeconds(60), ""), "pending", "scheduled", "retry", "archived", "completed",
				"tq:due", "tq:next");
	}

	@Test
	void replacementOfAPendingTask() {
		refused(() -> enqueue("waiting", null, ""), "pending", "scheduled", "retry", "archived", "completed",
				"t:waiting", "tq:due", "tq:next");
	}

	@Test
	void replacementOfAGroupedTask() {
		refused(() -> enqueue("grouped", null, ""), "pending", "scheduled", "retry", "archived", "completed", "groups",
				"g:g", "t:grouped", "tq:due", "tq:next");
	}

	@Test
	void requestForARunningTask() {
		refused(() -> enqueue("held", null, ""), "pending", "scheduled", "retry", "archived", "completed", "t:held",
				"tq:due", "tq:next");
	}

	@Test
	void fetching() {
		refused(() -> work().fetch(this.queue, this.lane.next(), OWNER, 1, 0), "pending", "active", "lease",
				"scheduled", "t:waiting", "tq:due", "tq:owners");
	}

	@ParameterizedTest
	@EnumSource
	void settling(Settlement settlement) {
		List<String> needed = new ArrayList<>(List.of("active", "lease", "t:held", "tq:next"));
		needed.addAll(switch (settlement) {
			case COMPLETE, RETAIN -> List.of("completed");
			case RETRY -> List.of("retry", "tq:due");
			case ARCHIVE -> List.of("archived");
			case RELEASE, DEFER -> List.of("pending", "scheduled", "tq:due");
		});
		refused(() -> settlement.settle(work(), this.queue, this.lane.next(), OWNER, "held"),
				needed.toArray(String[]::new));
	}

	@ParameterizedTest
	@EnumSource
	void settlingWithARequestThatFollows(Settlement settlement) {
		for (String name : List.of("pending", "scheduled", "tq:due")) {
			given(state(name).next("held", message("held"), 0, 0, "", 0));
			KeyDump before = dump();
			assertThat(fails(() -> settlement.settle(work(), this.queue, this.lane.next(), OWNER, "held"))).isTrue();
			dump().assertIs(before);
		}
	}

	@Test
	void renewing() {
		refused(() -> work().renew(this.queue, OWNER, List.of("held")), "lease", "t:held", "tq:owners");
	}

	@Test
	void writingAResult() {
		refused(() -> work().writeResult(this.queue, OWNER, "held", "r".getBytes(StandardCharsets.UTF_8)), "lease",
				"t:held");
	}

	@Test
	void promoting() {
		refused(() -> upkeep().promote(this.queue, 100), "pending", "scheduled", "retry", "groups", "g:g", "t:due",
				"t:failed", "tq:due");
	}

	@Test
	void requeueing() {
		refused(() -> recover(new Requeue("held", LEASE, 1)), "pending", "active", "lease", "scheduled", "retry",
				"archived", "t:held", "tq:due", "tq:next");
	}

	@Test
	void recoveringToRetry() {
		refused(() -> recover(new RetryAt("held", LEASE, message("held").encode(), NOW)), "pending", "active", "lease",
				"scheduled", "retry", "archived", "t:held", "tq:due", "tq:next");
	}

	@Test
	void recoveringToTheArchive() {
		refused(() -> recover(new Archive("held", LEASE, message("held").encode())), "pending", "active", "lease",
				"scheduled", "retry", "archived", "t:held", "tq:due", "tq:next");
	}

	@Test
	void repairing() {
		this.clock.set(LEASE);
		refused(() -> upkeep().repair(this.queue), "active", "lease", "pending", "scheduled", "retry", "archived",
				"completed", "t:held", "tq:due", "tq:next");
	}

	@Test
	void cleaning() {
		refused(() -> upkeep().purgeCompleted(this.queue, 10), "completed");
		refused(() -> upkeep().trimArchive(this.queue, 10), "archived");
	}

	@Test
	void looking() {
		refused(() -> upkeep().owners(this.queue), "tq:owners");
		refused(() -> upkeep().heldBy(this.queue, OWNER, 10), "active", "lease", "t:held");
		refused(() -> upkeep().expired(this.queue, LEASE, 10), "lease", "t:held");
	}

	/** Fails unless it is exactly these keys whose types matter, and nothing changes. */
	private void refused(Runnable action, String... names) {
		List<String> refused = new ArrayList<>();
		for (String name : KEYS) {
			given(state(name));
			KeyDump before = dump();
			if (fails(action)) {
				refused.add(name);
				dump().assertIs(before);
			}
		}
		assertThat(refused).containsExactlyInAnyOrder(names);
	}

	private static boolean fails(Runnable action) {
		try {
			action.run();
			return false;
		}
		catch (TaskQueueRefusedException ex) {
			return true;
		}
	}

	/** One of everything, one key of which has another type. */
	private StoredState state(String wrong) {
		StoredState state = held("held").registered()
			.lock(lockKey("x"), "held", 600)
			.task(message("held"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "unique_key", lockKey("x"))
			.list("pending", "waiting")
			.task(message("waiting"), "pending")
			.zset("scheduled", "due", NOW_S)
			.zset("tq:due", "due", NOW_S * 1000)
			.task(message("due"), "scheduled")
			.zset("retry", "failed", NOW_S)
			.task(task("failed").group("g").message(), "retry", "group", "g")
			.set("groups", "g")
			.zset("g:g", "grouped", NOW_S)
			.task(task("grouped").group("g").message(), "aggregating", "group", "g");
		return switch (wrong) {
			case "processed", "failed", "unique:t:x" -> state.without(wrong).list(wrong, "no", "string");
			default -> state.without(wrong).text(wrong, "no collection");
		};
	}

	private void enqueue(String id, @Nullable Instant at, String lock) {
		String key = lock.isEmpty() ? "" : lockKey(lock);
		this.broker.enqueue()
			.enqueue(this.queue, this.lane.next(),
					List.of(new Command(id, message(id).encode(), at, OnConflict.REPLACE, key, 60)));
	}

	private void recover(Recovery recovery) {
		assertThat(upkeep().recover(this.queue, List.of(recovery))).hasSize(1);
	}

}
