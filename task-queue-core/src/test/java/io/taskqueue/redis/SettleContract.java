package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import io.taskqueue.broker.Deferral;
import io.taskqueue.broker.WorkBroker.Archival;
import io.taskqueue.broker.WorkBroker.Completion;
import io.taskqueue.broker.WorkBroker.Release;
import io.taskqueue.broker.WorkBroker.Renewal;
import io.taskqueue.broker.WorkBroker.Retry;
import io.taskqueue.broker.WorkBroker.Settled;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import static io.taskqueue.broker.WorkBroker.Settled.DONE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How an owner settles the tasks that it holds, and keeps them meanwhile.
 */
abstract class SettleContract extends StorageContract {

	private static final Instant LATER = NOW.plusSeconds(60);

	SettleContract(Storage storage) {
		super(storage);
	}

	@Test
	@Scenario(28)
	void scenario28_done() {
		given(held("a", "b"));
		assertThat(complete(done("a"))).containsExactly(DONE);
		expect(held("b").counters(1, 0));
	}

	@Test
	@Scenario(28)
	void scenario28_laterDoneDoesNotProlongTheCounter() {
		given(held("a", "b").counters(1, 0));
		this.clock.advance(Duration.ofHours(1));
		assertThat(complete(done("a"), done("b"))).containsExactly(DONE, DONE);
		expect(state().counters(3, 0));
	}

	@Test
	@Scenario(28)
	void scenario28_totalStartsAgainInsteadOfOverflowing() {
		given(held("a").text("processed", Long.MAX_VALUE));
		complete(done("a"));
		expect(state().counters(1, 0));
	}

	@Test
	void doneFreesItsLock() {
		given(held("a").lock(lockKey("x"), "a", 600));
		complete(new Completion("a", lockKey("x"), null, Instant.EPOCH, null));
		expect(state().counters(1, 0));
	}

	@Test
	void doneLeavesALockThatIsNotItsOwn() {
		given(held("a").lock(lockKey("x"), "other", 600));
		complete(new Completion("a", lockKey("x"), null, Instant.EPOCH, null));
		expect(state().lock(lockKey("x"), "other", 600).counters(1, 0));
	}

	@Test
	@Scenario(30)
	void scenario30_complete() {
		TaskMessage completed = task("a").retention(3600).unique(lockKey("x")).message().completed(NOW_S);
		given(held("a").lock(lockKey("x"), "a", 600)
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "result", "early", "tq:crashes", 1,
					"tq:deferred", "1@1", "tq:cancel", 1, "unique_key", lockKey("x")));
		assertThat(complete(new Completion("a", lockKey("x"), completed.encode(), NOW.plusSeconds(3600), null)))
			.containsExactly(DONE);
		expect(state().zset("completed", "a", NOW_S + 3600)
			.task(completed, "completed", "result", "early", "unique_key", lockKey("x"))
			.counters(1, 0));
	}

	@Test
	@Scenario(30)
	void scenario30_completeWithResult() {
		TaskMessage completed = message("a").completed(NOW_S);
		given(held("a"));
		complete(new Completion("a", "", completed.encode(), NOW.plusSeconds(60), utf8("hello")));
		expect(state().zset("completed", "a", NOW_S + 60)
			.task(completed, "completed", "result", "hello")
			.counters(1, 0));
	}

	@Test
	@Scenario(31)
	void scenario31_result() {
		given(held("a"));
		assertThat(work().writeResult(this.queue, OWNER, "a", utf8("hello"))).isTrue();
		expect(held("a").task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "result", "hello"));
	}

	@Test
	@Scenario(31)
	void scenario31_resultOfASettledTaskIsRefused() {
		unchanged(() -> assertThat(work().writeResult(this.queue, OWNER, "a", utf8("hello"))).isFalse());
	}

	@Test
	@Scenario(32)
	void scenario32_retry() {
		TaskMessage failed = message("a").failed("boom", NOW_S);
		given(heldUnique("a", "tq:crashes", 1, "tq:deferred", "1@1", "tq:cancel", 1));
		assertThat(retry(new Retry("a", failed.encode(), LATER, true))).containsExactly(DONE);
		expect(state().zset("retry", "a", NOW_S + 61)
			.zset("tq:due", "a", NOW_MS + 60_001)
			.task(failed, "retry", "unique_key", lockKey("x"))
			.lock(lockKey("x"), "a", 600)
			.counters(1, 1));
	}

	@Test
	@Scenario(33)
	void scenario33_retryThatIsNoFailure() {
		TaskMessage failed = message("a").failedUncounted("not now", NOW_S);
		given(held("a"));
		assertThat(retry(new Retry("a", failed.encode(), LATER, false))).containsExactly(DONE);
		expect(state().zset("retry", "a", NOW_S + 61).zset("tq:due", "a", NOW_MS + 60_001).task(failed, "retry"));
	}

	@Test
	@Scenario(34)
	void scenario34_archive() {
		TaskMessage failed = task("a").retries(25, 25).message().failedUncounted("boom", NOW_S);
		given(heldUnique("a", "tq:crashes", 2, "tq:deferred", "1@1", "tq:cancel", 1));
		assertThat(work().archive(this.queue, this.lane.next(), OWNER, List.of(new Archival("a", failed.encode()))))
			.containsExactly(DONE);
		expect(state().zset("archived", "a", NOW_S)
			.task(failed, "archived", "unique_key", lockKey("x"))
			.lock(lockKey("x"), "a", 600)
			.counters(1, 1));
	}

	@Test
	@Scenario(43)
	void scenario43_releasedTasksRunNextInTheirOrder() {
		given(held("a", "b", "c").list("pending", "e", "d"));
		assertThat(release(head("a"), head("b"), head("c"))).containsExactly(DONE, DONE, DONE);
		expect(state().list("pending", "e", "d", "c", "b", "a")
			.task(message("a"), "pending")
			.task(message("b"), "pending")
			.task(message("c"), "pending"));
	}

	@Test
	void releasedTaskKeepsItsCrashes() {
		given(heldUnique("a", "tq:crashes", 1, "tq:deferred", "1@1", "tq:cancel", 1));
		release(head("a"));
		expect(state().list("pending", "a")
			.task(message("a"), "pending", "unique_key", lockKey("x"), "pending_since", NOW_NS, "tq:at", NOW_NS,
					"tq:crashes", 1)
			.lock(lockKey("x"), "a", 600));
	}

	@Test
	void deferredTaskWaits() {
		given(held("a"));
		Deferral deferral = new Deferral(3, Instant.ofEpochMilli(NOW_MS));
		assertThat(release(new Release("a", LATER, deferral))).containsExactly(DONE);
		expect(state().zset("scheduled", "a", NOW_S + 61)
			.zset("tq:due", "a", NOW_MS + 60_001)
			.task(message("a"), "scheduled", "tq:at", NOW_MS + 60_001, "tq:deferred",
					"3@" + NOW_MS + "/" + OWNER.substring(OWNER.length() - 8) + "/"));
	}

	@Test
	@Scenario(45)
	void scenario45_renew() {
		given(held("a", "b"));
		this.clock.advance(Duration.ofSeconds(5));
		assertThat(work().renew(this.queue, OWNER, List.of("a", "b", "c"))).containsExactly(Renewal.HELD, Renewal.HELD,
				Renewal.LOST);
		expect(held("a", "b").zset("lease", "a", NOW_S + 35, "b", NOW_S + 35)
			.zset("tq:owners", OWNER, NOW_S + 5)
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 35)
			.task(message("b"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 35));
	}

	@Test
	void renewTellsOfACancellation() {
		given(held("a").task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:cancel",
				NOW_S + 30));
		for (int seconds = 5; seconds <= 10; seconds += 5) {
			this.clock.advance(Duration.ofSeconds(5));
			long lease = NOW_S + 30 + seconds;
			assertThat(work().renew(this.queue, OWNER, List.of("a"))).containsExactly(Renewal.CANCELLED);
			expect(held("a").zset("tq:owners", OWNER, NOW_S + seconds)
				.zset("lease", "a", lease)
				.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", lease, "tq:cancel", lease));
		}
	}

	@Test
	void cancellationOfAnEarlierHolderIsNotBelieved() {
		given(held("a").task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:cancel",
				NOW_S + 29));
		assertThat(work().renew(this.queue, OWNER, List.of("a"))).containsExactly(Renewal.HELD);
	}

	@Test
	void releasedTaskThatWasToBeCancelledIsArchived() {
		given(heldUnique("a", "tq:crashes", 1, "tq:cancel", NOW_S + 30));
		release(head("a"));
		expect(state().zset("archived", "a", NOW_S)
			.task(message("a"), "archived", "unique_key", lockKey("x"))
			.lock(lockKey("x"), "a", 600));
	}

	@Test
	@Scenario(57)
	void scenario57_scoresAreWholeSeconds() {
		given(held("a", "b", "c", "d"));
		retry(new Retry("a", message("a").encode(), LATER, true));
		release(new Release("b", LATER, null));
		complete(new Completion("c", "", message("c").encode(), LATER, null));
		work().archive(this.queue, this.lane.next(), OWNER, List.of(new Archival("d", message("d").encode())));
		try (Jedis jedis = jedis()) {
			for (String set : List.of("retry", "scheduled", "completed", "archived")) {
				assertThat(jedis.zrangeWithScores("asynq:{" + this.queue + "}:" + set, 0, -1))
					.allSatisfy((tuple) -> assertThat(tuple.getScore()).isEqualTo(Math.rint(tuple.getScore())))
					.hasSize(1);
			}
		}
	}

	private List<Settled> complete(Completion... completions) {
		return work().complete(this.queue, this.lane.next(), OWNER, Arrays.asList(completions));
	}

	private List<Settled> retry(Retry... retries) {
		return work().retry(this.queue, this.lane.next(), OWNER, Arrays.asList(retries));
	}

	private List<Settled> release(Release... releases) {
		return work().release(this.queue, this.lane.next(), OWNER, Arrays.asList(releases));
	}

	private static Completion done(String id) {
		return new Completion(id, "", null, Instant.EPOCH, null);
	}

	private static Release head(String id) {
		return new Release(id, null, null);
	}

	/** A running task with a lock and whatever history. */
	private StoredState heldUnique(String id, Object... history) {
		Object[] fields = new Object[history.length + 6];
		System.arraycopy(history, 0, fields, 6, history.length);
		System.arraycopy(new Object[] { "tq:owner", OWNER, "tq:lease", NOW_S + 30, "unique_key", lockKey("x") }, 0,
				fields, 0, 6);
		return held(id).task(message(id), "active", fields).lock(lockKey("x"), id, 600);
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
