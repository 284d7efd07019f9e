package io.taskqueue.maintenance;

import java.time.Duration;
import java.util.Set;

import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * After Redis or the connection was gone, owners have half a minute to show themselves.
 */
class RecoveryGraceTest extends StorageContract {

	private static final long ABSENCE = 29;

	private final LongRunningFleet fleet = new LongRunningFleet(this.broker.fleet());

	private final Recoverer recoverer = new Recoverer(upkeep(), this.fleet, this.clock,
			(task) -> Duration.ofSeconds(60), (queue, id) -> {
			});

	RecoveryGraceTest() {
		super(Storage.JEDIS);
	}

	@BeforeEach
	void leaveATaskBehind() {
		given(expired().zset("tq:owners", OWNER, NOW_S - 40));
	}

	@Test
	void expiredLeasesWaitAfterARestart() {
		this.fleet.uptime(Duration.ofSeconds(ABSENCE));
		unchanged(() -> this.recoverer.recoverExpired(this.queue));
		this.fleet.uptime(Duration.ofSeconds(30));
		this.recoverer.recoverExpired(this.queue);
		expect(requeued().zset("tq:owners", OWNER, NOW_S - 40));
	}

	@Test
	void expiredLeasesWaitAfterAReconnect() {
		this.recoverer.onReconnect();
		this.clock.advance(Duration.ofSeconds(ABSENCE));
		unchanged(() -> this.recoverer.recoverExpired(this.queue));
		this.clock.advance(Duration.ofSeconds(1));
		this.recoverer.recoverExpired(this.queue);
		expect(requeued().zset("tq:owners", OWNER, NOW_S - 40));
	}

	@Test
	void deadOwnersWaitAfterARestart() {
		this.fleet.uptime(Duration.ofSeconds(ABSENCE));
		unchanged(() -> {
			lookForDeadOwners();
			lookForDeadOwners();
		});
		this.fleet.uptime(Duration.ofSeconds(30));
		lookForDeadOwners();
		expect(requeued());
	}

	@Test
	void ownerThatWasSeenSinceTheRestartMayBeJudged() {
		given(expired().zset("tq:owners", OWNER, NOW_S - 10));
		this.fleet.uptime(Duration.ofSeconds(20));
		lookForDeadOwners();
		lookForDeadOwners();
		expect(requeued());
	}

	@Test
	void failedLookBeginsTheGrace() {
		lookForDeadOwners();
		this.fleet.fail();
		assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(this::lookForDeadOwners);
		this.clock.advance(Duration.ofSeconds(ABSENCE));
		unchanged(() -> {
			lookForDeadOwners();
			lookForDeadOwners();
		});
		this.clock.advance(Duration.ofSeconds(1));
		lookForDeadOwners();
		expect(requeued());
	}

	private void lookForDeadOwners() {
		this.recoverer.recoverFromDeadOwners(Set.of(this.queue));
	}

	/** A task of ours whose lease expired a while ago. */
	private StoredState expired() {
		return state().list("active", "a")
			.zset("lease", "a", NOW_S - 40)
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S - 40);
	}

	private StoredState requeued() {
		return crashed(state().list("pending", "a"), "a", 1);
	}

}
