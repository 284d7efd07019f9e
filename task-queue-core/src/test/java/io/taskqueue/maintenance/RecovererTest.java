package io.taskqueue.maintenance;

import java.time.Duration;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import io.taskqueue.wire.ServerInfo;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whose tasks are recovered, and how. Redis has been up for an hour.
 */
class RecovererTest extends StorageContract {

	private static final ServerInfo SERVER = new ServerInfo("host", 1, "owner", 1, Map.of(), false, "active", NOW, 0);

	private static final String EXPIRED = "asynq: task lease expired";

	/** Long enough ago not to be a sign of life. */
	private static final long SILENT_S = NOW_S - 10;

	private final List<String> heard = new ArrayList<>();

	private final Recoverer recoverer = new Recoverer(upkeep(), new LongRunningFleet(this.broker.fleet()), this.clock,
			(task) -> Duration.ofSeconds(60), (queue, id) -> this.heard.add(id));

	RecovererTest() {
		super(Storage.JEDIS);
	}

	@Test
	void tasksOfADeadOwnerGoBackWithoutUsingAnAttempt() {
		given(held("a", "b").zset("tq:owners", OWNER, SILENT_S).list("pending", "c"));
		unchanged(this::lookForDeadOwners);
		lookForDeadOwners();
		expect(crashed(crashed(state().list("pending", "c", "b", "a"), "a", 1), "b", 1));
		assertThat(this.heard).containsExactlyInAnyOrder("a", "b");
	}

	@Test
	void tasksOfALivingOwnerAreLeftAlone() {
		given(held("a").zset("tq:owners", OWNER, SILENT_S));
		this.broker.fleet().writeServer(SERVER, List.of());
		unchanged(() -> {
			lookForDeadOwners();
			lookForDeadOwners();
			lookForDeadOwners();
		});
	}

	@Test
	void ownerMustBeMissingInTwoLooksInARow() {
		given(held("a").zset("tq:owners", OWNER, SILENT_S));
		lookForDeadOwners();
		this.broker.fleet().writeServer(SERVER, List.of());
		lookForDeadOwners();
		this.broker.fleet().clearServer(SERVER);
		unchanged(this::lookForDeadOwners);
		lookForDeadOwners();
		expect(crashed(state().list("pending", "a"), "a", 1));
	}

	@Test
	void tasksOfOthersAreLeftAlone() {
		given(held("a").zset("tq:owners", "host:2:dead", SILENT_S));
		lookForDeadOwners();
		lookForDeadOwners();
		expect(held("a"));
	}

	@Test
	void moreThanABatchIsRecovered() {
		TaskMessage[] messages = new TaskMessage[250];
		Arrays.setAll(messages, (i) -> message("id" + i));
		given(held(messages).zset("tq:owners", OWNER, SILENT_S));
		lookForDeadOwners();
		lookForDeadOwners();
		try (Jedis jedis = jedis()) {
			assertThat(jedis.lrange("asynq:{" + this.queue + "}:pending", 0, -1)).hasSize(250);
			assertThat(jedis.keys("*:active")).isEmpty();
		}
	}

	@Test
	void crashesAreCounted() {
		given(crashed(1).zset("tq:owners", OWNER, SILENT_S));
		lookForDeadOwners();
		lookForDeadOwners();
		expect(crashed(state().list("pending", "a"), "a", 2));
	}

	@Test
	void thirdCrashArchivesThePoison() {
		given(crashed(2).zset("tq:owners", OWNER, SILENT_S));
		lookForDeadOwners();
		lookForDeadOwners();
		expect(state().zset("archived", "a", NOW_S)
			.task(message("a").failedUncounted("poison: 3 workers in a row died while they ran this task", NOW_S),
					"archived")
			.counters(1, 1));
	}

	@Test
	@Scenario(46)
	void scenario46_expiredLeaseOfGo() {
		given(state().list("active", "a", "b", "c", "d")
			.zset("lease", "a", NOW_S - 31, "b", NOW_S - 31, "c", NOW_S - 31, "d", NOW_S - 29)
			.task(task("a").retries(3, 25).message(), "active")
			.task(task("b").retries(25, 25).message(), "active")
			.task(task("c").retries(0, 0).message(), "active")
			.task(message("d"), "active"));
		this.recoverer.recoverExpired(this.queue);
		expect(state().list("active", "d")
			.zset("lease", "d", NOW_S - 29)
			.zset("retry", "a", NOW_S + 61)
			.zset("tq:due", "a", NOW_MS + 60_001)
			.zset("archived", "b", NOW_S, "c", NOW_S)
			.task(task("a").retries(4, 25).failed(EXPIRED, NOW_S).message(), "retry")
			.task(task("b").retries(25, 25).failed(EXPIRED, NOW_S).message(), "archived")
			.task(task("c").retries(0, 0).failed(EXPIRED, NOW_S).message(), "archived")
			.task(message("d"), "active")
			.counters(3, 3));
	}

	@Test
	@Scenario(48)
	void scenario48_orphanIsRecovered() {
		given(state().list("active", "a").task(message("a"), "active"));
		upkeep().repair(this.queue);
		this.recoverer.recoverExpired(this.queue);
		expect(state().list("active", "a").zset("lease", "a", NOW_S).task(message("a"), "active"));
		this.clock.advance(Duration.ofSeconds(30));
		this.recoverer.recoverExpired(this.queue);
		expect(stateNow().zset("retry", "a", NOW_S + 91)
			.zset("tq:due", "a", NOW_MS + 90_001)
			.task(message("a").failed(EXPIRED, NOW_S + 30), "retry")
			.counters(1, 1));
	}

	@Test
	void expiredLeaseOfOursUsesNoAttempt() {
		given(held("a", "b"));
		this.clock.advance(Duration.ofSeconds(59));
		unchanged(() -> this.recoverer.recoverExpired(this.queue));
		this.clock.advance(Duration.ofSeconds(1));
		this.recoverer.recoverExpired(this.queue);
		assertThat(dump().asynq().get("asynq:{" + this.queue + "}:t:a state")).isEqualTo("pending");
		String prefix = "asynq:{" + this.queue + "}:t:";
		assertThat(dump().ours()).containsEntry(prefix + "a tq:crashes", "1")
			.containsEntry(prefix + "b tq:crashes", "1")
			.containsOnlyKeys(prefix + "a tq:crashes", prefix + "a tq:at", prefix + "b tq:crashes", prefix + "b tq:at");
	}

	@Test
	void recordThatCannotBeReadIsArchivedAsItIs() {
		given(state().list("active", "a")
			.zset("lease", "a", NOW_S - 31)
			.hash("t:a", "msg", "no record", "state", "active"));
		this.recoverer.recoverExpired(this.queue);
		expect(state().zset("archived", "a", NOW_S)
			.hash("t:a", "msg", "no record", "state", "archived")
			.counters(1, 1));
	}

	private void lookForDeadOwners() {
		this.recoverer.recoverFromDeadOwners(Set.of(this.queue));
	}

	private StoredState crashed(int crashes) {
		return held("a").task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:crashes", crashes);
	}

}
