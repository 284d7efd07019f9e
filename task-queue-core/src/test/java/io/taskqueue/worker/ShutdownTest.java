package io.taskqueue.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.taskqueue.RevokeTaskException;
import io.taskqueue.testing.InMemoryBroker;
import io.taskqueue.testing.InMemoryBroker.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Starting, stopping and starting again.
 */
class ShutdownTest {

	private final TestWorker test = new TestWorker();

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch go = new CountDownLatch(1);

	@AfterEach
	void stop() {
		this.go.countDown();
		this.test.close();
	}

	@Test
	void stoppingIsToleratedBeforeTheStartAndTwice() {
		Worker worker = this.test.worker();
		worker.stop();
		assertThat(worker.isRunning()).isFalse();
		worker.start();
		worker.start();
		assertThat(worker.isRunning()).isTrue();
		worker.stop();
		worker.stop();
		assertThat(worker.isRunning()).isFalse();
	}

	@Test
	void aStartedWorkerShowsItselfAndAStoppedOneDoesNot() throws Exception {
		this.test.handle("slow", (task) -> {
			this.begun.countDown();
			this.go.await();
			return null;
		}).start();
		String token = this.test.worker().token();
		this.test.push("slow", "a");
		this.begun.await();
		await().until(() -> this.test.broker.workers(token).size() == 1);
		assertThat(this.test.broker.servers().get(token).status()).isEqualTo("active");
		assertThat(this.test.broker.workers(token).get(0).taskId()).isEqualTo("a");
		this.go.countDown();
		this.test.worker().stop();
		assertThat(this.test.broker.servers()).isEmpty();
	}

	@Test
	void startingAgainIsANewOwner() {
		this.test.handle("ok", (task) -> null).start();
		String first = this.test.worker().token();
		this.test.push("ok", "a");
		await().until(() -> this.test.queue().done() == 1);
		this.test.worker().stop();
		this.test.worker().start();
		assertThat(this.test.worker().token()).isNotEqualTo(first);
		this.test.push("ok", "b");
		await().until(() -> this.test.queue().done() == 2);
	}

	@Test
	void runningTasksMayEnd() throws Exception {
		this.test.handle("slow", (task) -> {
			this.begun.countDown();
			this.go.await();
			return null;
		}).start();
		this.test.push("slow", "a");
		this.begun.await();
		Thread stopper = new Thread(() -> this.test.worker().stop());
		stopper.start();
		await().until(() -> this.test.broker.servers()
			.values()
			.stream()
			.anyMatch((server) -> "stopped".equals(server.status())));
		assertThat(stopper.isAlive()).isTrue();
		this.go.countDown();
		stopper.join();
		assertThat(this.test.queue().done()).isEqualTo(1);
		assertThat(this.test.queue().active()).isEmpty();
	}

	@Test
	void whatDoesNotEndIsInterruptedAndGivenBackToTheHead() throws Exception {
		this.test.options((options) -> options.withShutdownTimeout(Duration.ofMillis(50)).withConcurrency(1))
			.handle("slow", (task) -> {
				this.begun.countDown();
				this.go.await();
				return null;
			})
			.start();
		this.test.push("slow", "a", "b", "c");
		this.begun.await();
		this.test.worker().stop();
		assertThat(this.test.queue().pending()).containsExactly("a", "b", "c");
		assertThat(this.test.queue().retries()).isEmpty();
		assertThat(this.test.broker.servers()).isEmpty();
	}

	@Test
	void whatIsInterruptedGoesBackInItsOrderHoweverTheHandlersEnd() throws Exception {
		CountDownLatch running = new CountDownLatch(3);
		Map<String, CountDownLatch> after = Map.of("a", new CountDownLatch(0), "b", new CountDownLatch(1), "c",
				new CountDownLatch(1));
		this.test.options((options) -> options.withShutdownTimeout(Duration.ofMillis(50)).withConcurrency(3))
			.handle("slow", (task) -> {
				running.countDown();
				try {
					this.go.await();
				}
				catch (InterruptedException ex) {
					// a ends first, then b, then c: the last to go back alone would run
					// first
					waitFor(after.get(task.id()));
					after.getOrDefault(String.valueOf((char) (task.id().charAt(0) + 1)), this.go).countDown();
					throw ex;
				}
				return null;
			})
			.start();
		this.test.push("slow", "a", "b", "c");
		running.await();
		this.test.worker().stop();
		assertThat(this.test.queue().pending()).containsExactly("a", "b", "c");
	}

	@Test
	void aHandlerThatIgnoresTheInterruptIsLeftBehindAndItsTaskGivenBack() throws Exception {
		AtomicBoolean returned = new AtomicBoolean();
		this.test
			.options((options) -> options.withShutdownTimeout(Duration.ofMillis(50))
				.withInterruptGrace(Duration.ofMillis(50)))
			.handle("stuck", (task) -> {
				this.begun.countDown();
				while (this.go.getCount() > 0) {
					try {
						this.go.await();
					}
					catch (InterruptedException ex) {
						// Ignored on purpose
					}
				}
				returned.set(true);
				return null;
			})
			.start();
		this.test.push("stuck", "a");
		this.begun.await();
		this.test.worker().stop();
		assertThat(returned).isFalse();
		assertThat(this.test.queue().pending()).containsExactly("a");
		this.go.countDown();
		await().untilTrue(returned);
		assertThat(this.test.broker.calls(Call.COMPLETE)).isEmpty();
	}

	@Test
	void whatTheHandlerDecidesAfterTheInterruptStillCounts() throws Exception {
		this.test.options((options) -> options.withShutdownTimeout(Duration.ofMillis(50)))
			.handle("finishes", (task) -> awaitInterrupt(false))
			.handle("revokes", (task) -> awaitInterrupt(true))
			.start();
		this.test.push("finishes", "a");
		this.test.push("revokes", "b");
		await().until(() -> this.test.worker().running() == 2);
		this.test.worker().stop();
		assertThat(this.test.queue().done()).isEqualTo(2);
		assertThat(this.test.queue().pending()).isEmpty();
	}

	@Test
	void aFetchInFlightLosesNothing() throws Exception {
		CountDownLatch fetched = new CountDownLatch(1);
		AtomicInteger runs = new AtomicInteger();
		this.test.handle("ok", (task) -> runs.incrementAndGet());
		this.test.push("ok", "a", "b");
		this.test.broker.after((seen) -> {
			if (seen.call() == Call.FETCH) {
				fetched.countDown();
				waitFor(this.go);
			}
			return null;
		});
		this.test.start();
		fetched.await();
		Thread stopper = new Thread(() -> this.test.worker().stop());
		stopper.start();
		await().until(() -> !this.test.worker().isRunning());
		this.go.countDown();
		stopper.join();
		if (runs.get() == 0) {
			assertThat(this.test.queue().pending()).containsExactly("a", "b");
		}
		assertThat(this.test.queue().pending().size() + this.test.queue().done()).isEqualTo(2);
		assertThat(this.test.queue().active()).isEmpty();
	}

	@Test
	void aFetchWithoutAnAnswerIsRepeatedAtTheStop() {
		AtomicInteger lost = new AtomicInteger();
		this.test.handle("ok", (task) -> null);
		this.test.push("ok", "a", "b");
		this.test.broker
			.after((seen) -> (seen.call() == Call.FETCH && lost.incrementAndGet() > 0) ? InMemoryBroker.away() : null);
		this.test.start();
		await().until(() -> lost.get() > 0);
		Thread stopper = new Thread(() -> this.test.worker().stop());
		this.test.broker.heal();
		stopper.start();
		await().until(() -> !stopper.isAlive());
		assertThat(this.test.queue().active()).isEmpty();
		assertThat(this.test.queue().pending().size() + this.test.queue().done()).isEqualTo(2);
		assertThat(this.test.broker.servers()).isEmpty();
	}

	@Test
	void theRecordStaysWhereNotEverythingWasHandedBack() {
		this.test
			.rhythm(new Rhythm(Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMillis(5),
					Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofMillis(100)))
			.handle("ok", (task) -> null)
			.start();
		this.test.broker.before((seen) -> (seen.call() == Call.COMPLETE) ? InMemoryBroker.away() : null);
		this.test.push("ok", "a");
		await().until(() -> !this.test.broker.calls(Call.COMPLETE).isEmpty());
		await().until(() -> !this.test.broker.servers().isEmpty());
		this.test.worker().stop();
		assertThat(this.test.broker.servers()).hasSize(1);
		assertThat(this.test.queue().active()).containsExactly("a");
	}

	@Test
	void stoppingWhileRedisIsAwayEnds() {
		this.test.rhythm(new Rhythm(Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMillis(5),
				Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofMillis(100)));
		this.test.broker.before((seen) -> InMemoryBroker.away());
		this.test.start();
		await().until(() -> this.test.broker.calls(Call.FETCH).size() > 2);
		this.test.worker().stop();
		assertThat(this.test.worker().isRunning()).isFalse();
	}

	@Test
	void tasksOfManyFetchesKeepTheirOrder() throws Exception {
		this.test.options((options) -> options.withShutdownTimeout(Duration.ofMillis(20)).withConcurrency(3))
			.handle("slow", (task) -> {
				this.go.await();
				return null;
			})
			.start();
		List<String> ids = IntStream.range(0, 10).mapToObj((i) -> "t" + i).toList();
		this.test.push("slow", ids.toArray(String[]::new));
		await().until(() -> this.test.worker().running() == 3);
		this.test.worker().stop();
		assertThat(this.test.queue().pending()).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(this.test.queue().pending().subList(3, 10)).containsExactlyElementsOf(ids.subList(3, 10));
	}

	private Object awaitInterrupt(boolean revoke) {
		try {
			this.go.await();
			return null;
		}
		catch (InterruptedException ex) {
			if (revoke) {
				throw new RevokeTaskException("not needed any more");
			}
			return null;
		}
	}

	private static void waitFor(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
