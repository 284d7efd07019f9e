package io.taskqueue.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.taskqueue.Enqueued;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.BatchId;
import io.taskqueue.testing.InMemoryEnqueueBroker.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class GroupCommitTest extends GroupCommitScene {

	@Test
	void aLoneCallerIsSentAtOnceOnItsOwnThread() {
		List<Thread> threads = new ArrayList<>();
		this.broker.before((call) -> threads.add(Thread.currentThread()));
		for (int index = 0; index < 3; index++) {
			assertThat(this.group.enqueue(command("t" + index)).outcome()).isEqualTo(Enqueued.CREATED);
		}
		assertThat(threads).hasSize(3).containsOnly(Thread.currentThread());
		assertThat(this.broker.calls()).extracting(Call::batch).extracting(BatchId::number).containsExactly(1L, 2L, 3L);
	}

	@Test
	void manyThreadsShareBatchesAndKeepTheirOrder() throws Exception {
		this.broker.before((call) -> pause(1));
		List<Caller> callers = IntStream.range(0, 64).mapToObj((thread) -> new Caller(() -> {
			for (int index = 0; index < 20; index++) {
				assertThat(this.group.enqueue(command(thread + "-" + index)).outcome()).isEqualTo(Enqueued.CREATED);
			}
		})).toList();
		for (Caller caller : callers) {
			caller.succeeds();
		}
		assertThat(this.broker.calls().size()).isLessThan(64 * 20 / 2);
		assertThat(this.broker.calls()).allMatch((call) -> call.commands().size() <= 64);
		List<String> stored = stored();
		assertThat(stored).hasSize(64 * 20);
		assertThat(stored.stream().filter((id) -> id.startsWith("7-")))
			.containsExactlyElementsOf(IntStream.range(0, 20).mapToObj((index) -> "7-" + index).toList());
	}

	@Test
	void batchesAreBounded() throws Exception {
		this.broker.before(this::pass);
		Caller leader = caller("leader", 10);
		arrive();
		List<Caller> large = List.of(caller("a", 600_000), caller("b", 300_000), caller("c", 300_000));
		List<Caller> small = IntStream.range(0, 70).mapToObj((index) -> caller("s" + index, 10)).toList();
		this.gate.release(10);
		leader.succeeds();
		for (Caller caller : large) {
			caller.succeeds();
		}
		for (Caller caller : small) {
			caller.succeeds();
		}
		assertThat(this.broker.calls()).extracting((call) -> call.commands().size()).containsExactly(1, 2, 64, 7);
	}

	@Test
	void aBadNeighbourHarmsNobody() throws Exception {
		this.group.enqueue(command("taken"));
		this.broker.before(this::pass);
		Caller leader = caller("leader", 10);
		arrive();
		List<Caller> good = List.of(caller("a", 10), caller("b", 10));
		Caller bad = new Caller(
				() -> assertThat(this.group.enqueue(command("taken")).outcome()).isEqualTo(Enqueued.CONFLICT));
		bad.waits();
		this.gate.release(2);
		leader.succeeds();
		good.get(0).succeeds();
		good.get(1).succeeds();
		bad.succeeds();
		assertThat(this.broker.calls()).hasSize(3);
	}

	@Test
	void anInterruptedLeaderHarmsNobodyAndStaysInterrupted() throws Exception {
		AtomicInteger failures = new AtomicInteger(3);
		this.broker.before((call) -> {
			if (Thread.currentThread().isInterrupted()) {
				throw new IllegalStateException("a driver would have given up");
			}
			this.pass(call);
			if (failures.getAndDecrement() > 0) {
				throw new TaskQueueUnavailableException("no answer", null);
			}
		});
		Caller leader = new Caller(() -> {
			Thread.currentThread().interrupt();
			this.group.enqueue(command("leader"));
			assertThat(Thread.interrupted()).isTrue();
		});
		arrive();
		Caller follower = caller("follower", 10);
		leader.thread.interrupt();
		this.gate.release(10);
		leader.succeeds();
		follower.succeeds();
		assertThat(stored()).containsExactly("leader", "follower");
	}

	@Test
	void anInterruptedFollowerWaitsForItsAnswerAndStaysInterrupted() throws Exception {
		this.broker.before(this::pass);
		Caller leader = caller("leader", 10);
		arrive();
		Caller follower = new Caller(() -> {
			this.group.enqueue(command("follower"));
			assertThat(Thread.interrupted()).isTrue();
		});
		follower.waits();
		follower.thread.interrupt();
		this.gate.release(2);
		leader.succeeds();
		follower.succeeds();
		assertThat(stored()).containsExactly("leader", "follower");
	}

}
