package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import io.taskqueue.broker.WorkBroker.Renewal;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.taskqueue.broker.WorkBroker.Settled.DONE;
import static io.taskqueue.broker.WorkBroker.Settled.NOT_OURS;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How an owner that has lost a task is kept from changing it.
 */
abstract class FencingContract extends StorageContract {

	FencingContract(Storage storage) {
		super(storage);
	}

	/** The ways to lose task a. */
	enum Loss {

		OTHER_OWNER, LEASE_REMOVED, LEASE_MOVED, GO_HAS_IT, GO_FINISHED_IT, GO_RETRIES_IT, RECOVERED_AND_FETCHED_ANEW

	}

	@ParameterizedTest
	@EnumSource
	@Scenario(39)
	void scenario39_completeAfterLoss(Loss loss) {
		assertFenced(Settlement.COMPLETE, loss);
	}

	@ParameterizedTest
	@EnumSource
	@Scenario(39)
	void scenario39_retainAfterLoss(Loss loss) {
		assertFenced(Settlement.RETAIN, loss);
	}

	@ParameterizedTest
	@EnumSource
	@Scenario(39)
	void scenario39_retryAfterLoss(Loss loss) {
		assertFenced(Settlement.RETRY, loss);
	}

	@ParameterizedTest
	@EnumSource
	@Scenario(39)
	void scenario39_archiveAfterLoss(Loss loss) {
		assertFenced(Settlement.ARCHIVE, loss);
	}

	@ParameterizedTest
	@EnumSource
	@Scenario(39)
	void scenario39_releaseAfterLoss(Loss loss) {
		assertFenced(Settlement.RELEASE, loss);
	}

	@ParameterizedTest
	@EnumSource
	@Scenario(39)
	void scenario39_deferAfterLoss(Loss loss) {
		assertFenced(Settlement.DEFER, loss);
	}

	@ParameterizedTest
	@EnumSource
	@Scenario(45)
	void scenario45_renewAfterLoss(Loss loss) {
		lose(loss);
		assertThat(work().renew(this.queue, OWNER, List.of())).isEmpty();
		unchanged(() -> assertThat(work().renew(this.queue, OWNER, List.of("a"))).containsExactly(Renewal.LOST));
	}

	@ParameterizedTest
	@EnumSource
	void resultAfterLoss(Loss loss) {
		lose(loss);
		unchanged(() -> assertThat(work().writeResult(this.queue, OWNER, "a", "late".getBytes(StandardCharsets.UTF_8)))
			.isFalse());
	}

	@ParameterizedTest
	@EnumSource
	void lostTaskDoesNotHarmOthersOfTheBatch(Settlement settlement) {
		given(held("b", "a").task(message("a"), "active", "tq:owner", "host:2:other", "tq:lease", NOW_S + 30));
		assertThat(settlement.settle(work(), this.queue, this.lane.next(), OWNER, "a", "b")).containsExactly(NOT_OURS,
				DONE);
		SortedMap<String, String> both = new TreeMap<>(dump().asynq());
		assertThat(both).containsEntry(key("active"), "list [a]")
			.containsEntry(key("lease"), "zset [a, " + (NOW_S + 30) + "]")
			.containsEntry(key("t:a state"), "active");

		given(held("b"));
		settlement.settle(work(), this.queue, this.lane.next(), OWNER, "b");
		both.keySet().removeAll(List.of(key("active"), key("lease"), key("t:a state"), key("t:a msg")));
		assertThat(both).as("what became of the other").isEqualTo(dump().asynq());
	}

	private String key(String name) {
		return "asynq:{" + this.queue + "}:" + name;
	}

	private void assertFenced(Settlement settlement, Loss loss) {
		lose(loss);
		unchanged(() -> assertThat(settlement.settle(work(), this.queue, this.lane.next(), OWNER, "a"))
			.containsExactly(NOT_OURS));
	}

	private void lose(Loss loss) {
		given(held("a"));
		switch (loss) {
			case OTHER_OWNER ->
				given(held("a").task(message("a"), "active", "tq:owner", "host:2:other", "tq:lease", NOW_S + 30));
			case LEASE_REMOVED -> given(held("a").without("lease"));
			case LEASE_MOVED -> {
				this.clock.advance(Duration.ofSeconds(5));
				go().extendLease("a");
			}
			case GO_HAS_IT -> {
				this.clock.advance(Duration.ofSeconds(61));
				assertThat(go().recover(1)).containsExactly("a");
				this.clock.advance(Duration.ofSeconds(1));
				go().forward();
				assertThat(go().dequeue()).isEqualTo("a");
			}
			case GO_FINISHED_IT -> assertThat(go().done("a")).isTrue();
			case GO_RETRIES_IT -> assertThat(go().retry("a", "boom", 60)).isTrue();
			case RECOVERED_AND_FETCHED_ANEW -> {
				assertThat(Settlement.RELEASE.settle(work(), this.queue, this.lane.next(), OWNER, "a"))
					.containsExactly(DONE);
				assertThat(work().fetch(this.queue, this.lane.next(), "host:2:other", 1, 0).deliveries()).hasSize(1);
			}
		}
	}

}
