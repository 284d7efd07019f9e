package io.taskqueue.client;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.taskqueue.Enqueued;
import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.BatchId;
import io.taskqueue.broker.EnqueueBroker.Command;
import io.taskqueue.testing.InMemoryEnqueueBroker;
import io.taskqueue.testing.InMemoryEnqueueBroker.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class GroupCommitTest {

	private final InMemoryEnqueueBroker broker = new InMemoryEnqueueBroker(Clock.systemUTC());

	/** Lets calls through to the broker; each takes a permit. */
	private final Semaphore gate = new Semaphore(0);

	/** Counts calls that have arrived at the gate. */
	private final Semaphore arrived = new Semaphore(0);

	private GroupCommit group = group(Duration.ofSeconds(20));

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
	void aRefusalReachesEveryMemberAndTheNextBatchGoesOn() throws Exception {
		this.broker.before(this::pass);
		Caller leader = caller("leader", 10);
		arrive();
		List<Caller> refused = List.of(caller("a", 10), caller("b", 10));
		this.broker.before((call) -> {
			throw new TaskQueueRefusedException("no permission", null);
		});
		this.gate.release();
		leader.succeeds();
		assertThat(refused.get(0).fails(TaskQueueRefusedException.class))
			.hasMessage("task \"a\" of queue \"q\" was not stored: no permission");
		assertThat(refused.get(1).fails(TaskQueueRefusedException.class))
			.hasMessage("task \"b\" of queue \"q\" was not stored: no permission");
		this.broker.before((call) -> {
		});
		this.group.enqueue(command("next"));
		assertThat(stored()).containsExactly("leader", "next");
	}

	@Test
	void aLostAnswerIsAskedForAgainUnderTheSameId() {
		AtomicInteger failures = new AtomicInteger(5);
		this.broker.after((call) -> {
			if (failures.getAndDecrement() > 0) {
				throw new TaskQueueUnavailableException("reply lost", null);
			}
		});
		assertThat(this.group.enqueue(command("a")).outcome()).isEqualTo(Enqueued.CREATED);
		assertThat(this.broker.calls()).hasSize(6);
		assertThat(this.broker.calls().stream().map(Call::batch).distinct()).hasSize(1);
	}

	@Test
	void aRefusalAfterALostAnswerLeavesTheTaskUnknown() throws Exception {
		this.broker.after((call) -> {
			this.broker.before((repeat) -> {
				throw new TaskQueueRefusedException("no permission", null);
			});
			throw new TaskQueueUnavailableException("reply lost", null);
		});
		Caller caller = caller("a", 10);
		assertThat(caller.fails(TaskQueueUnavailableException.class))
			.hasMessageStartingWith("it is unknown whether task \"a\" of queue \"q\" is stored")
			.hasRootCauseMessage("no permission");
		assertThat(stored()).containsExactly("a");
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

	@Test
	void tellsWhatWasNotSentFromWhatIsUnknown() throws Exception {
		this.group = group(Duration.ofMillis(300));
		this.broker.before(this::pass);
		Caller first = caller("first", 10);
		arrive();
		// Follows the first one's batch, leads the next and gathers nobody
		Caller withdrawn = caller("withdrawn", 10);
		assertThat(withdrawn.fails(TaskQueueUnavailableException.class))
			.hasMessage("task \"withdrawn\" of queue \"q\" was not sent: those before it were not confirmed"
					+ " within PT0.3S");
		Caller second = caller("second", 10);
		Caller third = caller("third", 10);
		this.gate.release();
		first.succeeds();
		arrive();
		assertThat(third.fails(TaskQueueUnavailableException.class))
			.hasMessage("it is unknown whether task \"third\" of queue \"q\" is stored: Redis did not confirm it"
					+ " within PT0.3S; repeating it with the same id and OnConflict.KEEP is safe");
		this.gate.release(10);
		second.succeeds();
		assertThat(stored()).containsExactly("first", "second", "third");
	}

	@Test
	void anUnconfirmedBatchIsFencedByTheNext() {
		this.group = group(Duration.ofMillis(100));
		this.broker.before((call) -> {
			throw new TaskQueueUnavailableException("no route to host", null);
		});
		Caller late = caller("late", 10);
		assertThat(late.fails(TaskQueueUnavailableException.class)).hasRootCauseMessage("no route to host")
			.hasMessageStartingWith("it is unknown whether task \"late\" of queue \"q\" is stored");
		this.broker.before((call) -> {
		});
		Call lost = this.broker.calls().get(0);
		this.group.enqueue(command("next"));
		Caller network = new Caller(() -> this.broker.enqueue("q", lost.batch(), lost.commands()));
		network.fails(TaskQueueRefusedException.class);
		assertThat(stored()).containsExactly("next");
	}

	@Test
	void aBatchIsHandedOnToAMemberThatHasTimeLeft() throws Exception {
		this.group = group(Duration.ofMillis(800));
		this.broker.before(this::pass);
		Caller first = caller("first", 10);
		arrive();
		Caller older = caller("older", 10);
		pause(400);
		Caller younger = caller("younger", 10);
		// The first is answered; the older one leads the younger and meets an outage
		this.broker.before((call) -> {
			throw new TaskQueueUnavailableException("no route to host", null);
		});
		this.gate.release();
		first.succeeds();
		older.fails(TaskQueueUnavailableException.class);
		this.broker.before((call) -> {
		});
		younger.succeeds();
		List<Call> calls = this.broker.calls();
		assertThat(calls.stream().skip(1).map(Call::batch).distinct()).hasSize(1);
		assertThat(stored()).containsExactly("first", "older", "younger");
	}

	@Test
	void anErrorLeavesNobodyWithoutALeader() throws Exception {
		this.broker.before(this::pass);
		Caller leader = caller("leader", 10);
		arrive();
		Caller follower = caller("follower", 10);
		this.broker.after((call) -> {
			this.broker.after((next) -> {
			});
			throw new AssertionError("out of luck");
		});
		this.gate.release(2);
		assertThat(leader.fails(AssertionError.class)).hasMessage("out of luck");
		follower.succeeds();
		assertThat(stored()).containsExactly("leader", "follower");
	}

	private GroupCommit group(Duration timeout) {
		ClientOptions options = new ClientOptions(timeout, "default", 10, Duration.ofMinutes(30), Duration.ZERO,
				1 << 20, 8192, 64, 1 << 20);
		return new GroupCommit("q", new BatchSender(this.broker, options));
	}

	private static Command command(String id) {
		return command(id, 10);
	}

	private static Command command(String id, int bytes) {
		return new Command(id, new byte[bytes], null, OnConflict.FAIL, "", 0);
	}

	private List<String> stored() {
		return this.broker.tasks("q").stream().map((task) -> task.command().id()).toList();
	}

	/** Starts a call that is to wait, either at the gate or in the group. */
	private Caller caller(String id, int bytes) {
		Caller caller = new Caller(
				() -> assertThat(this.group.enqueue(command(id, bytes)).outcome()).isEqualTo(Enqueued.CREATED));
		caller.waits();
		return caller;
	}

	private void pass(Call call) {
		this.arrived.release();
		this.gate.acquireUninterruptibly();
	}

	private void arrive() throws InterruptedException {
		assertThat(this.arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
	}

	private static void pause(long millis) {
		CountDownLatch never = new CountDownLatch(1);
		try {
			assertThat(never.await(millis, TimeUnit.MILLISECONDS)).isFalse();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A thread and how it ended. */
	private static final class Caller {

		private final Thread thread;

		private volatile Throwable failure;

		Caller(Runnable call) {
			this.thread = new Thread(() -> {
				try {
					call.run();
				}
				catch (Throwable ex) {
					this.failure = ex;
				}
			});
			this.thread.setDaemon(true);
			this.thread.start();
		}

		/** Returns when the thread waits or has ended, so that callers queue in order. */
		void waits() {
			while (!List.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.TERMINATED)
				.contains(this.thread.getState())) {
				Thread.onSpinWait();
			}
		}

		void succeeds() throws InterruptedException {
			this.thread.join(20_000);
			assertThat(this.thread.isAlive()).isFalse();
			assertThat(this.failure).isNull();
		}

		Throwable fails(Class<? extends Throwable> type) {
			try {
				this.thread.join(20_000);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			assertThat(this.thread.isAlive()).isFalse();
			assertThat(this.failure).isInstanceOf(type);
			return this.failure;
		}

	}

}
