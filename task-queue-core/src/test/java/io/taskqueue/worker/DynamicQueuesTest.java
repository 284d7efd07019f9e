package io.taskqueue.worker;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.taskqueue.testing.InMemoryBroker;
import io.taskqueue.testing.InMemoryBroker.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.taskqueue.worker.TestWorker.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Queues that come and go while the worker runs.
 */
class DynamicQueuesTest {

	private final TestWorker test = new TestWorker();

	private final List<String> done = new CopyOnWriteArrayList<>();

	private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();

	@AfterEach
	void stop() {
		this.test.close();
	}

	@Test
	void aQueueThatAppearsIsWorkedOnAndShown() {
		start(Map.of("default", 1, "tenant-*", 2));
		push("tenant-a", "1");
		push("other", "2");
		await().until(() -> this.done.contains("tenant-a:1"));
		assertThat(this.test.worker().queues().names()).containsExactly("default", "tenant-a");
		await().until(() -> shown().equals(Map.of("default", 1, "tenant-a", 2)));
		assertThat(this.test.broker.calls(Call.FETCH)).noneMatch((call) -> call.queue().equals("other"));
	}

	@Test
	void aQueueThatIsDeletedIsLeftAlone() {
		start(Map.of("tenant-*", 1));
		push("tenant-a", "1");
		push("tenant-b", "2");
		await().until(() -> this.done.size() == 2);
		this.test.broker.unregister("tenant-a");
		await().until(() -> shown().keySet().equals(Set.of("tenant-b")));
		int fetches = fetches("tenant-a");
		int others = fetches("tenant-b");
		await().until(() -> fetches("tenant-b") > others + 3);
		assertThat(fetches("tenant-a")).isLessThanOrEqualTo(fetches + 1);
		// And is worked on again when it comes back
		push("tenant-a", "3");
		await().until(() -> this.done.contains("tenant-a:3"));
	}

	@Test
	void aTaskOfAQueueThatHasGoneIsAcknowledgedAllTheSame() {
		this.held.put("1", new CountDownLatch(1));
		start(Map.of("tenant-*", 1, "default", 1));
		push("tenant-a", "1");
		await().until(() -> this.done.contains("tenant-a:1"));
		this.test.broker.unregister("tenant-a");
		await().until(() -> !this.test.worker().queues().names().contains("tenant-a"));
		this.held.get("1").countDown();
		await().until(() -> this.test.broker.queue("tenant-a").done() == 1);
	}

	@Test
	void whatWasKnownStaysWhileRedisIsAway() {
		start(Map.of("tenant-*", 1));
		push("tenant-a", "1");
		await().until(() -> this.done.size() == 1);
		this.test.broker.before((seen) -> (seen.call() == Call.QUEUES) ? InMemoryBroker.away() : null);
		int looks = looks();
		await().until(() -> looks() > looks);
		push("tenant-a", "2");
		await().until(() -> this.done.size() == 2);
		this.test.broker.heal();
		push("tenant-b", "3");
		await().until(() -> this.done.size() == 3);
	}

	@Test
	void weightsOfMatchedQueuesHold() {
		this.test.options((options) -> options.withConcurrency(1));
		for (int i = 0; i < 600; i++) {
			push("tenant-a", "a" + i);
			push("tenant-b", "b" + i);
			push("vip", "v" + i);
		}
		start(Map.of("tenant-*", 1, "*", 4));
		await().until(() -> this.done.size() >= 900);
		List<String> first = List.copyOf(this.done).subList(300, 900);
		assertThat(first.stream().filter((id) -> id.startsWith("vip")).count()).isBetween(350L, 450L);
		assertThat(first.stream().filter((id) -> id.startsWith("tenant-a")).count()).isBetween(70L, 130L);
	}

	@Test
	void moreQueuesThanAreWatchedAreServedAndEachStartBeginsAnew() {
		for (int i = 0; i < 40; i++) {
			push("tenant-" + i, "t" + i);
		}
		start(Map.of("tenant-*", 1));
		await().until(() -> this.done.size() == 40);
		assertThat(this.test.broker.calls(Call.AWAIT).stream().map(InMemoryBroker.Seen::queue).distinct())
			.hasSizeLessThanOrEqualTo(16);
		this.test.worker().stop();
		this.test.worker().start();
		for (int i = 0; i < 41; i++) {
			push("tenant-" + i, "u" + i);
		}
		await().until(() -> this.done.size() == 81);
	}

	@Test
	void onlyNamesNeedNoLook() {
		start(Map.of("default", 1));
		push("default", "1");
		await().until(() -> this.done.size() == 1);
		this.test.worker().stop();
		assertThat(looks()).isZero();
	}

	private void start(Map<String, Integer> queues) {
		this.test.options((options) -> options.withQueues(queues)).handle("ok", (task) -> {
			this.done.add(task.queue() + ":" + task.id());
			CountDownLatch latch = this.held.get(task.id());
			if (latch != null) {
				latch.await();
			}
			return null;
		}).start();
	}

	private void push(String queue, String id) {
		this.test.broker.push(task("ok", id).queue(queue).build());
	}

	private Map<String, Integer> shown() {
		return this.test.broker.servers().values().iterator().next().queues();
	}

	private int fetches(String queue) {
		return (int) this.test.broker.calls(Call.FETCH).stream().filter((call) -> call.queue().equals(queue)).count();
	}

	private int looks() {
		return this.test.broker.calls(Call.QUEUES).size();
	}

}
