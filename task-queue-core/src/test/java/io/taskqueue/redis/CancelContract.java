package io.taskqueue.redis;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.taskqueue.broker.ControlBroker.Cancelled;
import io.taskqueue.broker.FleetBroker;
import io.taskqueue.broker.WorkBroker.Renewal;
import io.taskqueue.broker.WorkBroker.Retry;
import io.taskqueue.testing.KeyDump;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.StorageContract;
import io.taskqueue.testing.StoredState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.taskqueue.broker.WorkBroker.Settled.DONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How tasks are cancelled, wherever they are.
 */
abstract class CancelContract extends StorageContract {

	private static final Instant LATER = NOW.plusSeconds(60);

	CancelContract(Storage storage) {
		super(storage);
	}

	@ParameterizedTest
	@ValueSource(strings = { "scheduled", "retry" })
	void waitingTaskIsArchived(String state) {
		given(state().zset(state, "a", NOW_S + 9)
			.zset("tq:due", "a", NOW_MS + 8500)
			.task(message("a"), state, "tq:crashes", 2, "tq:at", NOW_MS + 8500));
		assertThat(cancel("a")).isEqualTo(Cancelled.ARCHIVED);
		expect(state().zset("archived", "a", NOW_S).task(message("a"), "archived"));
	}

	@Test
	void pendingAndAggregatingTasksAreArchived() {
		given(state().list("pending", "a")
			.task(message("a"), "pending")
			.zset("g:g", "b", NOW_S)
			.set("groups", "g")
			.task(message("b"), "aggregating", "group", "g"));
		assertThat(cancel("a")).isEqualTo(Cancelled.ARCHIVED);
		assertThat(cancel("b")).isEqualTo(Cancelled.ARCHIVED);
		expect(state().zset("archived", "a", NOW_S, "b", NOW_S)
			.task(message("a"), "archived")
			.task(message("b"), "archived", "group", "g"));
	}

	@Test
	void whatWillNotRunIsLeftAlone() {
		given(state().zset("archived", "a", NOW_S)
			.zset("completed", "b", NOW_S)
			.task(message("a"), "archived")
			.task(message("b"), "completed"));
		unchanged(() -> {
			assertThat(cancel("a")).isEqualTo(Cancelled.ENDED);
			assertThat(cancel("b")).isEqualTo(Cancelled.ENDED);
			assertThat(cancel("c")).isEqualTo(Cancelled.MISSING);
		});
	}

	@Test
	void ownerFindsTheRequestWithoutAMessage() {
		given(held("a", "b"));
		assertThat(cancel("a")).isEqualTo(Cancelled.REQUESTED);
		expect(flagged());
		assertThat(work().renew(this.queue, OWNER, List.of("a", "b"))).containsExactly(Renewal.CANCELLED, Renewal.HELD);
	}

	@ParameterizedTest
	@EnumSource(names = { "COMPLETE", "RETAIN", "ARCHIVE" })
	void whoeverEndsItFirstWins(Settlement settlement) {
		given(held("a"));
		settlement.settle(work(), this.queue, this.lane.next(), OWNER, "a");
		KeyDump settled = dump();
		given(held("a"));
		cancel("a");
		assertThat(settlement.settle(work(), this.queue, this.lane.next(), OWNER, "a")).containsExactly(DONE);
		settled.assertIs(dump());
	}

	@ParameterizedTest
	@EnumSource(names = { "RETRY", "RELEASE", "DEFER" })
	void whatWouldWaitIsArchived(Settlement settlement) {
		given(held("a"));
		cancel("a");
		assertThat(settlement.settle(work(), this.queue, this.lane.next(), OWNER, "a")).containsExactly(DONE);
		assertThat(dump().asynq()).containsEntry("asynq:{" + this.queue + "}:t:a state", "archived")
			.doesNotContainKeys("asynq:{" + this.queue + "}:scheduled", "asynq:{" + this.queue + "}:retry",
					"asynq:{" + this.queue + "}:pending");
		assertThat(dump().ours().keySet()).noneMatch((key) -> key.contains("}:t:a"));
	}

	@Test
	void workerMayRetryWhatWasCancelled() {
		given(held("a"));
		cancel("a");
		work().retry(this.queue, this.lane.next(), OWNER,
				List.of(new Retry("a", message("a").encode(), LATER, true, true)));
		assertThat(dump().asynq()).containsEntry("asynq:{" + this.queue + "}:t:a state", "retry");
	}

	@Test
	void messagesSayWhichTask() {
		given(held("a").list("active", "go", "a")
			.zset("lease", "a", NOW_S + 30, "go", NOW_S + 30)
			.task(message("go"), "active"));
		BlockingQueue<String> heard = new LinkedBlockingQueue<>();
		FleetBroker.Listener listener = new FleetBroker.Listener() {
			@Override
			public void onCancel(String id) {
				heard.add(id);
			}

			@Override
			public void onCancel(String queue, String id) {
				heard.add(queue + "/" + id);
			}

			@Override
			public void onEarlierDue(String queue) {
			}
		};
		FleetBroker.Listening listening = this.broker.fleet().listen(List.of(this.queue), listener);
		try {
			await().until(() -> {
				this.broker.fleet().cancel("are you there");
				return heard.poll(10, TimeUnit.MILLISECONDS) != null;
			});
			assertThat(cancel("a")).isEqualTo(Cancelled.REQUESTED);
			assertThat(cancel("go")).isEqualTo(Cancelled.SENT);
			await().until(() -> heard.contains("go"));
			assertThat(heard).filteredOn((message) -> !message.equals("are you there"))
				.containsExactly(this.queue + "/a", "go");
		}
		finally {
			listening.close();
		}
		assertThat(dump().ours()).doesNotContainKey("asynq:{" + this.queue + "}:t:go tq:cancel");
	}

	private StoredState flagged() {
		return held("a", "b").task(message("a"), "active", "tq:owner", OWNER, "tq:lease", NOW_S + 30, "tq:cancel",
				NOW_S + 30);
	}

	private Cancelled cancel(String id) {
		return this.broker.control().cancel(this.queue, id);
	}

}
