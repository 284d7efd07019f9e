package io.taskqueue.redis;

import java.time.Instant;
import java.util.List;

import io.taskqueue.broker.Deferral;
import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.WorkBroker.Fetched;
import io.taskqueue.testing.KeyDump;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How tasks come into an owner's hands.
 */
abstract class FetchContract extends StorageContract {

	FetchContract(Storage storage) {
		super(storage);
	}

	@Test
	@Scenario(24)
	void scenario24_dequeue() {
		given(pending("b", "a"));
		Fetched fetched = work().fetch(this.queue, this.lane.next(), OWNER, 1, 0);
		assertThat(fetched.paused()).isFalse();
		assertThat(fetched.deliveries()).usingRecursiveFieldByFieldElementComparator()
			.containsExactly(new Delivery(this.queue, "a", message("a").encode(), 0, null));
		expect(held("a").zset("tq:owners", OWNER, NOW_S)
			.list("pending", "b")
			.task(message("b"), "pending", "pending_since", 1));
	}

	@Test
	void nothingIsFetchedFromAnEmptyQueue() {
		unchanged(() -> assertThat(work().fetch(this.queue, this.lane.next(), OWNER, 1, 0))
			.isEqualTo(new Fetched(false, List.of())));
	}

	@Test
	@Scenario(25)
	void scenario25_paused() {
		given(pending("a").text("paused", NOW_S));
		unchanged(() -> assertThat(work().fetch(this.queue, this.lane.next(), OWNER, 1, 0))
			.isEqualTo(new Fetched(true, List.of())));
		try (Jedis jedis = jedis()) {
			jedis.del("asynq:{" + this.queue + "}:paused");
		}
		assertThat(fetch(1)).containsExactly("a");
	}

	@Test
	@Scenario(26)
	void scenario26_batchIsManySingles() {
		given(pending("c", "b", "a"));
		go().dequeue();
		go().dequeue();
		go().dequeue();
		KeyDump singles = dump();
		this.storage.redis().flushAll();
		given(pending("c", "b", "a"));
		assertThat(fetch(3)).containsExactly("a", "b", "c");
		assertThat(dump().asynq()).isEqualTo(singles.asynq());
		expect(held("a", "b", "c").zset("tq:owners", OWNER, NOW_S));
	}

	@Test
	void noMoreAreFetchedThanAskedFor() {
		given(pending("c", "b", "a"));
		assertThat(fetch(2)).containsExactly("a", "b");
		assertThat(fetch(2)).containsExactly("c");
		expect(held("a", "b", "c").zset("tq:owners", OWNER, NOW_S));
	}

	@Test
	@Scenario(27)
	void scenario27_ghostIsDropped() {
		given(pending("b").list("pending", "b", "ghost"));
		assertThat(fetch(2)).containsExactly("b");
		expect(held("b").zset("tq:owners", OWNER, NOW_S));
	}

	@Test
	@Scenario(27)
	void scenario27_hashWithoutARecordIsDropped() {
		given(state().list("pending", "ghost").hash("t:ghost", "state", "active"));
		assertThat(fetch(2)).isEmpty();
		expect(state());
	}

	@Test
	void idThatIsListedTwiceIsFetchedOnce() {
		given(pending("a").list("pending", "a", "a"));
		assertThat(fetch(2)).containsExactly("a");
		expect(held("a").zset("tq:owners", OWNER, NOW_S));
	}

	@Test
	void idThatSomebodyHoldsIsNotFetched() {
		given(held("a").list("pending", "a"));
		assertThat(fetch(1)).isEmpty();
		expect(held("a"));
	}

	@Test
	void oldOwnerIsNotBelieved() {
		given(state().list("pending", "a")
			.task(message("a"), "pending", "tq:owner", "gone", "tq:lease", NOW_S + 30, "result", "old"));
		assertThat(fetch(1)).containsExactly("a");
		expect(state().list("active", "a")
			.zset("lease", "a", NOW_S + 30)
			.zset("tq:owners", OWNER, NOW_S)
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "result", "old"));
	}

	@Test
	void historyIsDelivered() {
		given(state().list("pending", "a")
			.task(message("a"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:crashes", 1, "tq:deferred",
					"3@" + NOW_MS));
		Delivery delivery = work().fetch(this.queue, this.lane.next(), OWNER, 1, 0).deliveries().get(0);
		assertThat(delivery.crashes()).isEqualTo(1);
		assertThat(delivery.deferral()).isEqualTo(new Deferral(3, Instant.ofEpochMilli(NOW_MS)));
	}

	@Test
	void suspectIsPutOffWhereNoneIsAllowed() {
		given(state().list("pending", "b", "a")
			.task(message("a"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:crashes", 2)
			.task(message("b"), "pending", "pending_since", 1));
		assertThat(suspects(2, 0)).containsExactly("b");
		expect(held("b").zset("tq:owners", OWNER, NOW_S)
			.zset("scheduled", "a", NOW_S + 2)
			.zset("tq:due", "a", NOW_MS + 1000)
			.task(message("a"), "scheduled", "tq:crashes", 2, "tq:at", NOW_MS + 1000));
	}

	@Test
	void soManySuspectsAreFetchedAsAllowed() {
		given(state().list("pending", "c", "b", "a")
			.task(message("a"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:crashes", 2)
			.task(message("b"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:crashes", 7)
			.task(message("c"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:crashes", 1));
		assertThat(suspects(3, 1)).containsExactly("a", "c");
		expect(state().list("active", "c", "a")
			.zset("lease", "a", NOW_S + 30, "c", NOW_S + 30)
			.zset("tq:owners", OWNER, NOW_S)
			.zset("scheduled", "b", NOW_S + 2)
			.zset("tq:due", "b", NOW_MS + 1000)
			.task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:crashes", 2)
			.task(message("b"), "scheduled", "tq:crashes", 7, "tq:at", NOW_MS + 1000)
			.task(message("c"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:crashes", 1));
	}

	private List<String> suspects(int count, int suspects) {
		return work().fetch(this.queue, this.lane.next(), OWNER, count, suspects)
			.deliveries()
			.stream()
			.map(Delivery::id)
			.toList();
	}

	/** Pending tasks, the newest first. */
	private StoredState pending(String... ids) {
		StoredState state = state();
		for (String id : ids) {
			state.task(message(id), "pending", "pending_since", 1);
		}
		return state.list("pending", ids);
	}

}
