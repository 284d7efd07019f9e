package io.taskqueue.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.broker.Deferral;
import io.taskqueue.broker.WorkBroker;
import io.taskqueue.testing.InMemoryBroker;
import io.taskqueue.testing.InMemoryBroker.Call;
import io.taskqueue.testing.InMemoryBroker.Seen;
import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.taskqueue.worker.TestWorker.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How tasks come to their threads and their outcomes to the broker.
 */
@Timeout(60)
class FetchTest {

	private static final Rhythm HARDLY_POLLING = new Rhythm(Duration.ofMillis(50), Duration.ofMillis(50),
			Duration.ofMillis(5), Duration.ofMillis(200), Duration.ofMinutes(10), Duration.ofSeconds(2));

	private final TestWorker test = new TestWorker();

	private final CountDownLatch go = new CountDownLatch(1);

	private final AtomicInteger runs = new AtomicInteger();

	@AfterEach
	void stop() {
		this.go.countDown();
		this.test.close();
	}

	@Test
	void aPushWakesAnIdleWorkerWithoutPolling() {
		this.test.rhythm(HARDLY_POLLING).handle("ok", (task) -> null).start();
		for (int i = 1; i <= 20; i++) {
			this.test.push("ok", "t" + i);
			int done = i;
			await().pollInterval(Duration.ofMillis(1)).until(() -> this.test.queue().done() == done);
		}
		assertThat(this.test.broker.calls(Call.FETCH)).hasSizeLessThan(100);
	}

	@Test
	void aQueueThatCannotBeWatchedIsPolled() {
		this.test.broker.before((seen) -> (seen.call() == Call.AWAIT) ? InMemoryBroker.away() : null);
		this.test.handle("ok", (task) -> null).start();
		this.test.push("ok", "a");
		await().until(() -> this.test.queue().done() == 1);
	}

	@Test
	void blockingTasksRunAllAtOnce() {
		CyclicBarrier barrier = new CyclicBarrier(100);
		this.test.options((options) -> options.withConcurrency(100)).handle("meet", (task) -> barrier.await());
		this.test.push("meet", ids(200));
		this.test.start();
		await().until(() -> this.test.queue().done() == 200);
	}

	@Test
	void noMoreRunThanThereAreSlots() {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		this.test.options((options) -> options.withConcurrency(3)).handle("short", (task) -> {
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			TimeUnit.MICROSECONDS.sleep(100);
			running.decrementAndGet();
			return null;
		});
		this.test.push("short", ids(2000));
		this.test.start();
		await().until(() -> this.test.queue().done() == 2000);
		assertThat(most.get()).isBetween(1, 3);
	}

	@Test
	void aThreadPerTaskWillDoAsExecutor() {
		AtomicInteger threads = new AtomicInteger();
		ExecutorService executor = Executors.newCachedThreadPool();
		this.test.hooks((hooks) -> hooks.withExecutor((runner) -> {
			threads.incrementAndGet();
			executor.execute(runner);
		})).handle("ok", (task) -> this.runs.incrementAndGet()).start();
		this.test.push("ok", ids(1000));
		await().until(() -> this.test.queue().done() == 1000);
		assertThat(threads.get()).isPositive();
		this.test.worker().stop();
		assertThat(executor.isShutdown()).isFalse();
		executor.shutdownNow();
	}

	@Test
	void aFetchWhoseAnswerIsLostIsRepeated() {
		AtomicInteger lost = new AtomicInteger();
		this.test.handle("ok", (task) -> this.runs.incrementAndGet());
		this.test.push("ok", ids(50));
		this.test.broker
			.after((seen) -> (seen.call() == Call.FETCH && lost.incrementAndGet() <= 2) ? InMemoryBroker.away() : null);
		this.test.start();
		await().until(() -> this.test.queue().done() == 50);
		assertThat(this.runs).hasValue(50);
		assertThat(this.test.queue().active()).isEmpty();
	}

	@Test
	@Scenario(40)
	void anAcknowledgementThatFailsForAWhileIsRepeatedAndTheTaskIsNot() {
		AtomicInteger failed = new AtomicInteger();
		this.test.handle("ok", (task) -> this.runs.incrementAndGet());
		this.test.broker.before((seen) -> (seen.call() == Call.COMPLETE && failed.incrementAndGet() <= 3)
				? InMemoryBroker.away() : null);
		this.test.broker.after((seen) -> (seen.call() == Call.COMPLETE && failed.incrementAndGet() <= 6)
				? InMemoryBroker.away() : null);
		this.test.start();
		this.test.push("ok", "a", "b");
		await().until(() -> this.test.queue().done() == 2 && this.test.worker().unsettled() == 0);
		assertThat(this.runs).hasValue(2);
		assertThat(failed.get()).isGreaterThan(3);
	}

	@Test
	void oneOutcomeThatIsRefusedDoesNotHoldUpTheOthers() {
		this.test.broker.before((seen) -> (seen.call() == Call.COMPLETE && seen.ids().contains("bad"))
				? new TaskQueueRefusedException("no", null) : null);
		this.test.handle("ok", (task) -> null);
		this.test.push("ok", "bad");
		this.test.push("ok", ids(20));
		this.test.start();
		await().until(() -> this.test.queue().done() == 20);
		assertThat(this.test.queue().active()).containsExactly("bad");
		this.test.broker.heal();
		await().until(() -> this.test.queue().done() == 21);
	}

	@Test
	void aFailingQueueDoesNotHoldUpAnother() {
		this.test.options((options) -> options.withQueues(Map.of("default", 1, "broken", 5)))
			.handle("ok", (task) -> null);
		this.test.broker.before((seen) -> "broken".equals(seen.queue()) ? InMemoryBroker.away() : null);
		this.test.start();
		this.test.push("ok", ids(10));
		await().until(() -> this.test.queue().done() == 10);
	}

	@Test
	void aWorkerThatIsRefusedTasksGoesOnAsking() {
		this.test.handle("ok", (task) -> null);
		AtomicInteger asked = new AtomicInteger();
		this.test.broker.before((seen) -> (seen.call() == Call.FETCH && asked.incrementAndGet() < 3)
				? new TaskQueueRefusedException("NOPERM", null) : null);
		this.test.push("ok", "a");
		this.test.start();
		await().until(() -> this.test.queue().done() == 1);
	}

	@Test
	void aPausedQueueIsNotTouchedUntilItIsResumed() {
		this.test.queue().pause(true);
		this.test.handle("ok", (task) -> null).start();
		this.test.push("ok", "a");
		await().until(() -> this.test.broker.calls(Call.FETCH).size() >= 3);
		assertThat(this.test.queue().pending()).containsExactly("a");
		this.test.queue().pause(false);
		await().until(() -> this.test.queue().done() == 1);
	}

	@Test
	void whatFindsNoThreadGoesBackToTheHead() {
		CountDownLatch started = new CountDownLatch(1);
		// Takes one runner and keeps the others waiting, like a pool that is too small
		ExecutorService one = Executors.newSingleThreadExecutor();
		this.test.options((options) -> options.withConcurrency(4)).hooks((hooks) -> hooks.withExecutor(one));
		this.test.handle("slow", (task) -> {
			started.countDown();
			this.go.await();
			return null;
		});
		this.test.push("slow", "a", "b", "c", "d");
		this.test.start();
		await().until(() -> started.getCount() == 0);
		await().until(() -> this.test.broker.calls(Call.RELEASE)
			.stream()
			.anyMatch((seen) -> seen.ids().equals(List.of("b", "c", "d"))));
		this.go.countDown();
		await().until(() -> this.test.queue().done() == 4);
		this.test.worker().stop();
		one.shutdownNow();
	}

	@Test
	@Scenario(66)
	void weightsShareTheTasks() {
		Map<String, Integer> weights = new LinkedHashMap<>();
		weights.put("low", 1);
		weights.put("default", 3);
		weights.put("high", 6);
		List<String> order = new CopyOnWriteArrayList<>();
		this.test.options((options) -> options.withQueues(weights).withConcurrency(2)).handle("ok", (task) -> {
			order.add(task.queue());
			return null;
		});
		weights.keySet().forEach((queue) -> pushTo(queue, 1000));
		this.test.start();
		await().until(() -> order.size() >= 1000);
		List<String> first = List.copyOf(order).subList(0, 1000);
		assertThat(first.stream().filter("high"::equals).count()).isBetween(550L, 650L);
		assertThat(first.stream().filter("default"::equals).count()).isBetween(250L, 350L);
		assertThat(first.stream().filter("low"::equals).count()).isBetween(50L, 150L);
		await().until(() -> order.size() == 3000);
	}

	@Test
	@Scenario(66)
	void strictTakesTheHeavierQueueFirst() {
		List<String> order = new CopyOnWriteArrayList<>();
		this.test
			.options((options) -> options.withQueues(Map.of("low", 1, "high", 2)).withStrict(true).withConcurrency(1))
			.handle("ok", (task) -> {
				order.add(task.queue());
				return null;
			});
		pushTo("low", 300);
		pushTo("high", 300);
		this.test.start();
		await().until(() -> order.size() == 600);
		assertThat(order.subList(0, 300)).containsOnly("high");
	}

	@Test
	void unknownTypesMakeTheWorkerFetchLess() {
		this.test.options((options) -> options.withConcurrency(128)).start();
		String[] ids = ids(20_000);
		for (String id : ids) {
			this.test.queue().deferred(id, new Deferral(1, Instant.EPOCH));
		}
		this.test.push("foreign", ids);
		await().until(() -> this.test.queue().scheduled().size() > 100);
		// From some point on, at most ten tasks every half second
		await().until(() -> {
			int before = this.test.queue().scheduled().size();
			TimeUnit.MILLISECONDS.sleep(200);
			return this.test.queue().scheduled().size() - before <= 20;
		});
		assertThat(this.test.queue().pending()).hasSizeGreaterThan(15_000);
	}

	@Test
	void onlyOneSuspectRunsAtATime() {
		this.test.handle("slow", (task) -> {
			this.runs.incrementAndGet();
			this.go.await();
			return null;
		});
		for (String id : List.of("a", "b", "c")) {
			this.test.queue().crashed(id, WorkBroker.SUSPECT);
		}
		this.test.push("slow", "a", "b", "c", "d");
		this.test.start();
		await().until(() -> this.test.queue().scheduled().size() == 2 && this.runs.get() == 2);
		assertThat(this.test.queue().active()).containsExactly("a", "d");
	}

	@Test
	void aWorkerWithTooManyUnsettledOutcomesFetchesNoMore() {
		this.test.broker.before((seen) -> (seen.call() == Call.COMPLETE) ? InMemoryBroker.away() : null);
		this.test.handle("ok", (task) -> null);
		this.test.push("ok", ids(5000));
		this.test.start();
		await().until(() -> this.test.worker().unsettled() > 1000 && this.test.worker().running() == 0);
		assertThat(this.test.queue().pending()).hasSizeGreaterThan(3000);
		this.test.broker.heal();
		await().until(() -> this.test.queue().done() == 5000);
	}

	@Test
	void acknowledgementsTravelTogether() {
		this.test.handle("ok", (task) -> null);
		this.test.push("ok", ids(10_000));
		this.test.start();
		await().until(() -> this.test.queue().done() == 10_000);
		List<Seen> calls = this.test.broker.calls(Call.COMPLETE);
		assertThat(calls).hasSizeLessThan(5000).allMatch((seen) -> seen.ids().size() <= 200);
	}

	private void pushTo(String queue, int count) {
		for (int i = 0; i < count; i++) {
			this.test.broker.push(task("ok", queue + i).queue(queue).build());
		}
	}

	private static String[] ids(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "t" + i).toArray(String[]::new);
	}

}
