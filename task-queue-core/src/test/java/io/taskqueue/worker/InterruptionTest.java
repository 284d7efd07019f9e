package io.taskqueue.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.taskqueue.TaskContext;
import io.taskqueue.testing.InMemoryBroker;
import io.taskqueue.testing.InMemoryBroker.Call;
import io.taskqueue.testing.Scenario;
import io.taskqueue.wire.TaskMessage;
import io.taskqueue.worker.WorkerOptions.OnCancel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.taskqueue.worker.TestWorker.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Attempts that end early: timeouts, cancellations, lost leases.
 */
class InterruptionTest {

	private final TestWorker test = new TestWorker();

	private final CountDownLatch never = new CountDownLatch(1);

	private final CountDownLatch begun = new CountDownLatch(1);

	private final AtomicReference<TaskContext> seen = new AtomicReference<>();

	@AfterEach
	void stop() {
		this.never.countDown();
		this.test.close();
	}

	@Test
	void aTimeoutInterruptsAndFailsWhateverTheHandlerMakesOfIt() {
		this.test.handle("slow", this::waitAndThrow).handle("swallows", this::waitAndSwallow).start();
		this.test.broker.push(task("slow", "a").timeout(1).build());
		this.test.broker.push(task("swallows", "b").timeout(1).build());
		await().until(() -> this.test.queue().retries().size() == 2);
		for (String id : List.of("a", "b")) {
			TaskMessage after = TaskMessage.decode(this.test.queue().retries().get(id).message());
			assertThat(after.errorMsg()).isEqualTo("context deadline exceeded");
			assertThat(after.retried()).isEqualTo(1);
		}
	}

	@Test
	void aStuckHandlerIsSettledWithoutItAndKeepsItsSlot() throws Exception {
		AtomicReference<String> stuck = new AtomicReference<>();
		this.test.options((options) -> options.withConcurrency(1).withInterruptGrace(Duration.ofMillis(50)))
			.hooks((hooks) -> hooks.withListeners(List.of(new WorkerListener() {
				@Override
				public void stuck(TaskContext task) {
					stuck.set(task.id());
				}
			})))
			.handle("stuck", (task) -> {
				this.begun.countDown();
				uninterruptibly(this.never);
				return null;
			})
			.handle("ok", (task) -> null)
			.start();
		this.test.broker.push(task("stuck", "a").timeout(1).build());
		this.begun.await();
		await().until(() -> this.test.queue().retries().containsKey("a"));
		await().until(() -> "a".equals(stuck.get()));
		assertThat(this.test.worker().stuck()).isEqualTo(1);
		this.test.push("ok", "b");
		assertThat(this.test.queue().done()).isZero();
		this.never.countDown();
		await().until(() -> this.test.queue().done() == 1);
		assertThat(this.test.worker().stuck()).isZero();
		assertThat(this.test.broker.calls(Call.COMPLETE)).hasSize(1);
	}

	@Test
	void cancellingArchives() throws Exception {
		this.test.handle("slow", this::waitAndThrow).start();
		this.test.push("slow", "a");
		this.begun.await();
		this.test.worker().cancel("unknown");
		this.test.worker().cancel("a");
		await().until(() -> this.test.queue().archived().containsKey("a"));
		TaskMessage archived = TaskMessage.decode(this.test.queue().archived().get("a"));
		assertThat(archived.errorMsg()).isEqualTo("context canceled");
		assertThat(archived.retried()).isZero();
	}

	@Test
	void cancellingRetriesIfSoConfigured() throws Exception {
		this.test.options((options) -> options.withOnCancel(OnCancel.RETRY)).handle("slow", this::waitAndThrow).start();
		this.test.push("slow", "a");
		this.begun.await();
		this.test.worker().cancel("a");
		await().until(() -> this.test.queue().retries().containsKey("a"));
		TaskMessage after = TaskMessage.decode(this.test.queue().retries().get("a").message());
		assertThat(after.errorMsg()).isEqualTo("context canceled");
		assertThat(after.retried()).isEqualTo(1);
	}

	@Test
	void aCancellationThatWasMissedComesWithTheRenewal() throws Exception {
		this.test.handle("slow", this::waitAndThrow).start();
		this.test.push("slow", "a");
		this.begun.await();
		this.test.queue().markCancelled("a");
		await().until(() -> this.test.queue().archived().containsKey("a"));
	}

	@Test
	void cancellingHitsTheTasksOfAllQueuesWithTheId() {
		this.test.options((options) -> options.withQueues(Map.of("default", 1, "other", 1)))
			.handle("slow", this::waitAndThrow)
			.start();
		this.test.push("slow", "a");
		this.test.broker.push(task("slow", "a").queue("other").build());
		await().until(() -> this.test.worker().running() == 2);
		this.test.worker().cancel("a");
		await().until(() -> this.test.queue().archived().size() == 1
				&& this.test.broker.queue("other").archived().size() == 1);
	}

	@Test
	void aLostLeaseInterruptsAndDropsTheOutcome() throws Exception {
		AtomicReference<String> lost = new AtomicReference<>();
		this.test.hooks((hooks) -> hooks.withListeners(List.of(new WorkerListener() {
			@Override
			public void leaseLost(String queue, String id) {
				lost.set(queue + "/" + id);
			}
		}))).handle("slow", this::waitAndSwallow).start();
		this.test.push("slow", "a");
		this.begun.await();
		this.test.queue().drop("a");
		await().until(() -> this.test.worker().running() == 0);
		assertThat(lost).hasValue("default/a");
		assertThat(this.seen.get().isInterrupted()).isTrue();
		assertThat(this.test.worker().unsettled()).isZero();
		assertThat(this.test.broker.calls(Call.COMPLETE)).isEmpty();
		assertThat(this.test.broker.calls(Call.RETRY)).isEmpty();
	}

	@Test
	void aTaskThatWasStolenAndCameBackIsNotSettledByTheOldAttempt() throws Exception {
		AtomicInteger runs = new AtomicInteger();
		CountDownLatch first = new CountDownLatch(1);
		this.test
			.rhythm(new Rhythm(Duration.ofMinutes(1), Duration.ofMillis(50), Duration.ofMillis(5),
					Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofSeconds(2)))
			.handle("slow", (task) -> {
				if (runs.incrementAndGet() == 1) {
					this.begun.countDown();
					uninterruptibly(first);
				}
				else {
					this.never.await();
				}
				return null;
			})
			.start();
		this.test.push("slow", "a");
		this.begun.await();
		this.test.queue().steal("a");
		await().until(() -> runs.get() == 2);
		first.countDown();
		await().until(() -> this.test.worker().running() == 1);
		assertThat(this.test.queue().active()).containsExactly("a");
		this.never.countDown();
		await().until(() -> this.test.queue().done() == 1);
		assertThat(this.test.broker.calls(Call.COMPLETE)).hasSize(1);
	}

	@Test
	@Scenario(45)
	void leasesAreRenewedWhileTheFetchIsBlocked() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		AtomicBoolean blocked = new AtomicBoolean();
		this.test.handle("slow", this::waitAndThrow).start();
		this.test.push("slow", "a");
		this.begun.await();
		this.test.broker.before((seen) -> {
			if (seen.call() == Call.FETCH) {
				blocked.set(true);
				uninterruptibly(release);
			}
			return null;
		});
		await().untilTrue(blocked);
		int before = this.test.broker.calls(Call.RENEW).size();
		await().until(() -> this.test.broker.calls(Call.RENEW).size() > before + 2);
		release.countDown();
	}

	@Test
	void renewalsThatFailStopNothing() throws Exception {
		this.test.handle("slow", this::waitAndThrow).start();
		this.test.broker.before((seen) -> (seen.call() == Call.RENEW) ? InMemoryBroker.away() : null);
		this.test.push("slow", "a");
		this.begun.await();
		await().until(() -> this.test.broker.calls(Call.RENEW).size() >= 2);
		assertThat(this.seen.get().isInterrupted()).isFalse();
		this.never.countDown();
		await().until(() -> this.test.queue().done() == 1);
	}

	@Test
	void noInterruptReachesTheNextTaskOnTheThread() {
		ExecutorService one = Executors.newSingleThreadExecutor();
		Executor executor = one;
		AtomicInteger dirty = new AtomicInteger();
		AtomicInteger ran = new AtomicInteger();
		var cancelled = ConcurrentHashMap.<String>newKeySet();
		this.test.options((options) -> options.withConcurrency(1))
			.hooks((hooks) -> hooks.withExecutor(executor))
			.handle("clean", (task) -> {
				if (Thread.currentThread().isInterrupted()) {
					dirty.incrementAndGet();
				}
				// Races with the end of the attempt
				cancelled.add(task.id());
				ran.incrementAndGet();
				return null;
			})
			.start();
		int count = 3000;
		for (int i = 0; i < count; i++) {
			this.test.push("clean", "t" + i);
		}
		while (ran.get() < count && this.test.queue().archived().size() + this.test.queue().done() < count) {
			cancelled.removeIf((id) -> {
				this.test.worker().cancel(id);
				return true;
			});
		}
		await().until(() -> this.test.queue().archived().size() + this.test.queue().done() == count);
		assertThat(dirty).hasValue(0);
		this.test.close();
		one.shutdownNow();
	}

	private Object waitAndThrow(TaskContext task) throws InterruptedException {
		this.seen.set(task);
		this.begun.countDown();
		this.never.await();
		return null;
	}

	private Object waitAndSwallow(TaskContext task) {
		try {
			return waitAndThrow(task);
		}
		catch (InterruptedException ex) {
			return "swallowed";
		}
	}

	private static void uninterruptibly(CountDownLatch latch) {
		boolean interrupted = true;
		while (interrupted) {
			try {
				latch.await();
				interrupted = false;
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
	}

}
