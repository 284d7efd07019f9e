package io.taskqueue.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.taskqueue.broker.UpkeepBroker.Held;
import io.taskqueue.broker.UpkeepBroker.RetryAt;
import io.taskqueue.broker.WorkBroker.Completion;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.Test;

import static io.taskqueue.broker.WorkBroker.Settled.DONE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Java and Go on one queue.
 */
abstract class MixedFleetContract extends StorageContract {

	private static final String EXPIRED = "asynq: task lease expired";

	MixedFleetContract(Storage storage) {
		super(storage);
	}

	@Test
	@Scenario(64)
	void scenario64_taskOfGoIsRun() {
		go().enqueue(message("a"));
		expect(state().registered().list("pending", "a").task(message("a"), "pending", "pending_since", NOW_NS));
		assertThat(fetch(1)).containsExactly("a");
		assertThat(Settlement.COMPLETE.settle(work(), this.queue, this.lane.next(), OWNER, "a")).containsExactly(DONE);
		expect(state().registered().counters(1, 0).zset("tq:owners", OWNER, NOW_S));
	}

	@Test
	@Scenario(64)
	void scenario64_releasedTaskIsRunByGo() {
		given(held("a", "b"));
		Settlement.RELEASE.settle(work(), this.queue, this.lane.next(), OWNER, "a", "b");
		assertThat(go().dequeue()).isEqualTo("a");
		assertThat(go().complete("a", 60)).isTrue();
		assertThat(go().dequeue()).isEqualTo("b");
		assertThat(go().archive("b", "boom")).isTrue();
		expect(state().zset("completed", "a", NOW_S + 60)
			.zset("archived", "b", NOW_S)
			.task(message("a").completed(NOW_S), "completed")
			.task(message("b").failedUncounted("boom", NOW_S), "archived")
			.counters(2, 1));
	}

	@Test
	void taskThatGoGaveBackIsRun() {
		given(state().list("pending", "a").task(message("a"), "pending"));
		go().dequeue();
		assertThat(go().requeue("a")).isTrue();
		assertThat(fetch(1)).containsExactly("a");
		expect(held("a").zset("tq:owners", OWNER, NOW_S));
	}

	@Test
	void goFindsNothingLeftToSettle() {
		given(held("a"));
		Settlement.RETRY.settle(work(), this.queue, this.lane.next(), OWNER, "a");
		unchanged(() -> assertThat(go().done("a")).isFalse());
	}

	@Test
	void whatWeLeaveInATaskOfGoIsRemovedWhenWeSettleIt() {
		given(held("a"));
		this.clock.advance(Duration.ofSeconds(61));
		assertThat(go().recover(0)).containsExactly("a");
		go().forward();
		assertThat(fetch(1)).containsExactly("a");
		TaskMessage done = message("a").failed(EXPIRED, NOW_S + 61).completed(NOW_S + 61);
		assertThat(work().complete(this.queue, this.lane.next(), OWNER,
				List.of(new Completion("a", "", done.encode(), NOW.plusSeconds(121), null))))
			.containsExactly(DONE);
		expect(stateNow().zset("completed", "a", NOW_S + 121)
			.task(done, "completed")
			.counters(2, 1)
			.zset("tq:owners", OWNER, NOW_S + 61));
	}

	@Test
	void operatorRunsATaskBeforeItsTime() {
		given(held("a"));
		Settlement.RETRY.settle(work(), this.queue, this.lane.next(), OWNER, "a");
		go().runNow("a");
		assertThat(fetch(1)).containsExactly("a");
		Settlement.COMPLETE.settle(work(), this.queue, this.lane.next(), OWNER, "a");
		this.clock.set(Instant.ofEpochSecond(4_000_000_000L));
		assertThat(upkeep().promote(this.queue, 10).moved()).isZero();
		expect(state().zset("tq:owners", OWNER, NOW_S).counters(2, 1));
	}

	@Test
	@Scenario(47)
	void scenario47_liveLeaseIsNotSeenDespiteSkew() {
		given(state().list("pending", "a").task(message("a"), "pending"));
		this.clock.advance(Duration.ofSeconds(-10));
		go().dequeue();
		this.clock.set(NOW);
		for (int second = 0; second < 60; second += 5) {
			assertThat(expired()).isEmpty();
			this.clock.advance(Duration.ofSeconds(-10));
			go().extendLease("a");
			this.clock.advance(Duration.ofSeconds(15));
		}
	}

	@Test
	@Scenario(47)
	void scenario47_goIsFasterToRecover() {
		given(heldByGo().zset("lease", "a", NOW_S - 31));
		List<Held> seen = expired();
		assertThat(go().recover(60)).containsExactly("a");
		unchanged(() -> assertThat(recover(seen)).isEmpty());
	}

	@Test
	@Scenario(47)
	void scenario47_weAreFasterToRecover() {
		given(heldByGo().zset("lease", "a", NOW_S - 31));
		assertThat(recover(expired())).containsExactly("a");
		unchanged(() -> assertThat(go().recover(60)).isEmpty());
		expect(state().zset("retry", "a", NOW_S + 61)
			.zset("tq:due", "a", NOW_MS + 60_001)
			.task(message("a").failed(EXPIRED, NOW_S), "retry")
			.counters(1, 1));
	}

	@Test
	@Scenario(47)
	void scenario47_manyRecoverAtOnce() throws Exception {
		given(heldByGo().zset("lease", "a", NOW_S - 31));
		List<Held> seen = expired();
		int recoverers = 6;
		CountDownLatch ready = new CountDownLatch(recoverers);
		ExecutorService threads = Executors.newFixedThreadPool(recoverers);
		try {
			List<Future<Set<String>>> answers = new ArrayList<>();
			for (int i = 0; i < recoverers; i++) {
				answers.add(threads.submit(() -> {
					ready.countDown();
					ready.await();
					return recover(seen);
				}));
			}
			List<String> recovered = new ArrayList<>();
			for (Future<Set<String>> answer : answers) {
				recovered.addAll(answer.get());
			}
			assertThat(recovered).containsExactly("a");
		}
		finally {
			threads.shutdownNow();
		}
		expect(state().zset("retry", "a", NOW_S + 61)
			.zset("tq:due", "a", NOW_MS + 60_001)
			.task(message("a").failed(EXPIRED, NOW_S), "retry")
			.counters(1, 1));
	}

	private List<Held> expired() {
		return upkeep().expired(this.queue, this.clock.instant().minusSeconds(30), 10);
	}

	private Set<String> recover(List<Held> held) {
		byte[] failed = message("a").failed(EXPIRED, NOW_S).encode();
		return upkeep().recover(this.queue,
				List.of(new RetryAt("a", held.get(0).lease(), failed, NOW.plusSeconds(60))));
	}

	private StoredState heldByGo() {
		return state().list("active", "a").task(message("a"), "active");
	}

}
