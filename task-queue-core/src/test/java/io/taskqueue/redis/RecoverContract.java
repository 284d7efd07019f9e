package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import io.taskqueue.broker.UpkeepBroker.Archive;
import io.taskqueue.broker.UpkeepBroker.Held;
import io.taskqueue.broker.UpkeepBroker.OwnerSeen;
import io.taskqueue.broker.UpkeepBroker.Recovery;
import io.taskqueue.broker.UpkeepBroker.Requeue;
import io.taskqueue.broker.UpkeepBroker.RetryAt;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How tasks are found whose owners are gone, and taken away from them.
 */
abstract class RecoverContract extends StorageContract {

	private static final Instant LEASE = Instant.ofEpochSecond(NOW_S + 30);

	private static final Instant LATER = NOW.plusSeconds(60);

	RecoverContract(Storage storage) {
		super(storage);
	}

	@Test
	void ownersAreSeenWhenTheyFetchAndRenew() {
		given(state().list("pending", "a").task(message("a"), "pending"));
		assertThat(upkeep().owners(this.queue)).isEmpty();
		fetch(1);
		this.clock.advance(Duration.ofSeconds(5));
		work().renew(this.queue, "host:2:other", List.of());
		assertThat(upkeep().owners(this.queue)).containsExactly(new OwnerSeen(OWNER, Instant.ofEpochSecond(NOW_S)),
				new OwnerSeen("host:2:other", Instant.ofEpochSecond(NOW_S + 5)));
		work().renew(this.queue, OWNER, List.of("a"));
		assertThat(upkeep().owners(this.queue)).extracting(OwnerSeen::lastSeen)
			.containsOnly(Instant.ofEpochSecond(NOW_S + 5));
		upkeep().forgetOwner(this.queue, OWNER);
		assertThat(upkeep().owners(this.queue)).extracting(OwnerSeen::owner).containsExactly("host:2:other");
	}

	@Test
	void heldAreThoseWhoseLeaseIsInPlace() {
		given(held("other", "moved", "b", "a")
			.task(message("other"), "active", "tq:owner", "else", "tq:lease", NOW_S + 30)
			.task(message("moved"), "active", "tq:owner", OWNER, "tq:lease", NOW_S)
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:crashes", 2));
		unchanged(() -> {
			assertHeld(upkeep().heldBy(this.queue, OWNER, 10), new Held("a", record("a"), LEASE, true, 2),
					new Held("b", record("b"), LEASE, true, 0));
			assertHeld(upkeep().heldBy(this.queue, OWNER, 1), new Held("a", record("a"), LEASE, true, 2));
			assertHeld(upkeep().heldBy(this.queue, "nobody", 10));
		});
	}

	@Test
	void expiredAreThoseOfAnybody() {
		given(held("a", "go", "young", "ghost").without("t:ghost")
			.task(message("go"), "active")
			.zset("lease", "a", NOW_S - 31, "ghost", NOW_S - 31, "go", NOW_S - 30, "young", NOW_S - 29)
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S - 31, "tq:crashes", 1));
		unchanged(() -> assertHeld(upkeep().expired(this.queue, NOW.minusSeconds(30), 10),
				new Held("a", record("a"), Instant.ofEpochSecond(NOW_S - 31), true, 1),
				new Held("go", record("go"), Instant.ofEpochSecond(NOW_S - 30), false, 0)));
	}

	@Test
	void expiredDoNotBelieveAnOldOwner() {
		given(held("a").zset("lease", "a", NOW_S - 40));
		assertHeld(upkeep().expired(this.queue, NOW, 10),
				new Held("a", record("a"), Instant.ofEpochSecond(NOW_S - 40), false, 0));
	}

	@Test
	void requeuedTasksRunNext() {
		given(held("a", "b").list("pending", "c")
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:deferred", "1@1", "tq:cancel",
					NOW_S));
		assertThat(recover(new Requeue("b", LEASE, 1), new Requeue("a", LEASE, 2))).containsExactlyInAnyOrder("a", "b");
		expect(state().list("pending", "c", "b", "a")
			.task(message("a"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:crashes", 2)
			.task(message("b"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:crashes", 1));
	}

	@Test
	void taskThatWasToBeCancelledIsArchived() {
		given(held("a").task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:cancel", NOW_S + 30,
				"tq:crashes", 1));
		assertThat(recover(new Requeue("a", LEASE, 2))).containsExactly("a");
		expect(state().zset("archived", "a", NOW_S).task(message("a"), "archived"));
	}

	@Test
	void retriedTasksAreCounted() {
		TaskMessage failed = message("a").failed("asynq: task lease expired", NOW_S);
		given(heldUnique());
		assertThat(recover(new RetryAt("a", LEASE, failed.encode(), LATER))).containsExactly("a");
		expect(state().zset("retry", "a", NOW_S + 61)
			.zset("tq:due", "a", NOW_MS + 60_001)
			.task(failed, "retry", "unique_key", lockKey("x"))
			.lock(lockKey("x"), "a", 600)
			.counters(1, 1));
	}

	@Test
	void archivedTasksAreCounted() {
		TaskMessage failed = message("a").failedUncounted("poison", NOW_S);
		given(heldUnique());
		assertThat(recover(new Archive("a", LEASE, failed.encode()))).containsExactly("a");
		expect(state().zset("archived", "a", NOW_S)
			.task(failed, "archived", "unique_key", lockKey("x"))
			.lock(lockKey("x"), "a", 600)
			.counters(1, 1));
	}

	@Test
	void archivingTrims() {
		given(held("a").zset("archived", "old", NOW_S - 90 * 24 * 3600).task(message("old"), "archived"));
		recover(new Archive("a", LEASE, record("a")));
		expect(state().zset("archived", "a", NOW_S).task(message("a"), "archived").counters(1, 1));
	}

	@Test
	void renewedLeaseIsLeftAlone() {
		given(held("a", "b").zset("tq:owners", OWNER, NOW_S));
		this.clock.advance(Duration.ofSeconds(5));
		work().renew(this.queue, OWNER, List.of("a"));
		assertThat(recover(new Requeue("a", LEASE, 1), new Requeue("b", LEASE, 1))).containsExactly("b");
		StoredState renewed = held("a").zset("lease", "a", NOW_S + 35)
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 35)
			.zset("tq:owners", OWNER, NOW_S + 5);
		expect(crashed(renewed.list("pending", "b"), "b", 1));
	}

	@Test
	void settledTaskIsLeftAlone() {
		given(held("a"));
		Settlement.ARCHIVE.settle(work(), this.queue, this.lane.next(), OWNER, "a");
		unchanged(() -> assertThat(recover(new Requeue("a", LEASE, 1), new RetryAt("a", LEASE, record("a"), LATER),
				new Archive("a", LEASE, record("a"))))
			.isEmpty());
	}

	@Test
	void ghostIsDropped() {
		given(held("a", "b", "c").without("t:a").without("t:b").hash("t:c", "state", "active"));
		recover(new Requeue("a", LEASE, 1), new RetryAt("b", LEASE, record("b"), LATER),
				new Archive("c", LEASE, record("c")));
		expect(state());
	}

	private Set<String> recover(Recovery... recoveries) {
		return upkeep().recover(this.queue, Arrays.asList(recoveries));
	}

	private StoredState heldUnique() {
		return held("a").lock(lockKey("x"), "a", 600)
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:crashes", 2, "tq:deferred",
					"1@1", "tq:cancel", 1, "unique_key", lockKey("x"));
	}

	private byte[] record(String id) {
		return message(id).encode();
	}

	private static void assertHeld(List<Held> actual, Held... expected) {
		assertThat(actual.stream().map(RecoverContract::describe))
			.containsExactly(Arrays.stream(expected).map(RecoverContract::describe).toArray(String[]::new));
	}

	private static String describe(Held held) {
		return List
			.of(held.id(), new String(held.message(), StandardCharsets.ISO_8859_1), held.lease(), held.owned(),
					held.crashes())
			.toString();
	}

}
