package io.taskqueue.maintenance;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.taskqueue.OnConflict;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;

/**
 * That the upkeep does all that a queue needs.
 */
class UpkeepTest extends StorageContract {

	private final Upkeep running = new Upkeep(upkeep(), new LongRunningFleet(this.broker.fleet()), Set.of(this.queue),
			this.clock, (task) -> Duration.ofSeconds(60), (queue, id) -> {
			});

	UpkeepTest() {
		super(Storage.JEDIS);
	}

	@AfterEach
	void stop() {
		this.running.stop();
	}

	@Test
	void everythingIsKeptUp() {
		given(state().zset("scheduled", "due", NOW_S)
			.zset("completed", "done", NOW_S)
			.zset("archived", "old", NOW_S - 90 * 24 * 3600)
			.list("active", "lost", "orphan")
			.zset("lease", "lost", NOW_S - 30)
			.task(message("due"), "scheduled")
			.task(message("done"), "completed")
			.task(message("old"), "archived")
			.task(message("lost"), "active")
			.task(message("orphan"), "active"));
		this.running.start();
		StoredState kept = state().list("pending", "due")
			.zset("retry", "lost", NOW_S + 61)
			.zset("tq:due", "lost", NOW_MS + 60_001)
			.list("active", "orphan")
			.zset("lease", "orphan", NOW_S)
			.task(message("due"), "pending", "pending_since", NOW_NS)
			.task(message("lost").failed("asynq: task lease expired", NOW_S), "retry")
			.task(message("orphan"), "active")
			.counters(1, 1);
		await().untilAsserted(() -> expect(kept));
	}

	@Test
	void earlierTaskIsPromotedWhenHeardOf() {
		this.running.start();
		this.broker.enqueue()
			.enqueue(this.queue, this.lane.next(),
					List.of(new Command("a", message("a").encode(), NOW.minusSeconds(1), OnConflict.FAIL, "", 0)));
		this.running.onEarlierDue(this.queue);
		StoredState promoted = state().registered()
			.list("pending", "a")
			.task(message("a"), "pending", "pending_since", NOW_NS);
		await().untilAsserted(() -> expect(promoted));
	}

	@Test
	void deadOwnersAreLookedForAgainAndAgain() {
		given(held("a").zset("tq:owners", OWNER, NOW_S - 10));
		this.running.start();
		StoredState requeued = crashed(state().list("pending", "a"), "a", 1);
		await().untilAsserted(() -> expect(requeued));
	}

	@Test
	void stoppingTwiceOrBeforeTheStartDoesNoHarm() {
		this.running.stop();
		this.running.stop();
		this.running.start();
		given(state().zset("scheduled", "a", NOW_S).task(message("a"), "scheduled"));
		unchanged(() -> this.running.onEarlierDue(this.queue));
	}

}
