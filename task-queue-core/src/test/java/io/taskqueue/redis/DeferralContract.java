package io.taskqueue.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.broker.Deferral;
import io.taskqueue.broker.Delivery;
import io.taskqueue.broker.Lane;
import io.taskqueue.broker.WorkBroker.Release;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of tasks that an owner has put off for lack of a handler, once they are
 * due again.
 */
abstract class DeferralContract extends StorageContract {

	private static final String OTHER = "host:2:other";

	private static final Instant NOW_IN_MILLIS = Instant.ofEpochMilli(NOW_MS);

	private static final String MARK = "/" + OWNER.substring(OWNER.length() - 8) + "/";

	DeferralContract(Storage storage) {
		super(storage);
	}

	@Test
	void itsOwnerLeavesItForOthersAtFirst() {
		String deferred = "1@" + NOW_MS + MARK;
		given(state().list("pending", "d", "c", "b", "a")
			.task(message("a"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:deferred", deferred)
			.task(message("b"), "pending", "pending_since", NOW_NS)
			.task(message("c"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:deferred", deferred)
			.task(message("d"), "pending", "pending_since", NOW_NS));
		assertThat(fetch(4)).containsExactly("b", "d");
		assertThat(ids(OTHER)).containsExactly("a", "c");
	}

	@Test
	void whatWaitsBehindManyIsFetched() {
		StoredState state = state().task(message("mine"), "pending", "pending_since", NOW_NS);
		List<String> pending = new ArrayList<>(List.of("mine"));
		for (int i = 0; i < 20; i++) {
			pending.add("other-" + i);
			state.task(message("other-" + i), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:deferred",
					"1@" + NOW_MS + MARK);
		}
		given(state.list("pending", pending.toArray(String[]::new)));
		assertThat(fetch(2)).containsExactly("mine");
	}

	@Test
	void withoutATimeItGoesToTheEnd() {
		given(held("a", "b").list("pending", "d", "c"));
		work().release(this.queue, this.lane.next(), OWNER, List.of(atOnce("a"), atOnce("b")));
		expect(state().list("pending", "b", "a", "d", "c")
			.task(message("a"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:deferred",
					"1@" + NOW_MS + MARK)
			.task(message("b"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:deferred",
					"1@" + NOW_MS + MARK));
	}

	@Test
	void nothingChangesWhereAllAreForOthers() {
		given(state().list("pending", "a")
			.task(message("a"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:deferred",
					"1@" + NOW_MS + MARK));
		unchanged(() -> assertThat(fetch(4)).isEmpty());
	}

	@Test
	void itsOwnerTakesItWhereNobodyElseDoes() {
		given(state().list("pending", "a")
			.task(message("a"), "pending", "pending_since", NOW_NS, "tq:at", NOW_NS, "tq:deferred",
					"1@" + NOW_MS + MARK));
		this.clock.advance(Duration.ofSeconds(2));
		assertThat(fetch(4)).containsExactly("a");
	}

	@Test
	void countBeginsAgainWithEveryOwner() {
		given(held("a"));
		work().release(this.queue, this.lane.next(), OWNER, List.of(deferral(3)));
		assertThat(fetchWhenDue(OTHER).deferral()).isEqualTo(new Deferral(0, NOW_IN_MILLIS));
		work().release(this.queue, new Lane().next(), OTHER, List.of(deferral(1)));
		assertThat(fetchWhenDue(OWNER).deferral()).isEqualTo(new Deferral(1, NOW_IN_MILLIS));
	}

	private static Release atOnce(String id) {
		return new Release(id, null, new Deferral(1, NOW_IN_MILLIS));
	}

	private static Release deferral(int count) {
		return new Release("a", NOW, new Deferral(count, NOW_IN_MILLIS));
	}

	private Delivery fetchWhenDue(String owner) {
		this.clock.advance(Duration.ofSeconds(1));
		upkeep().promote(this.queue, 1);
		this.clock.advance(Duration.ofSeconds(2));
		return work().fetch(this.queue, new Lane().next(), owner, 1, 1).deliveries().get(0);
	}

	private List<String> ids(String owner) {
		return work().fetch(this.queue, new Lane().next(), owner, 4, 1)
			.deliveries()
			.stream()
			.map(Delivery::id)
			.toList();
	}

}
