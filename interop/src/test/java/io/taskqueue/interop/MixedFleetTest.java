package io.taskqueue.interop;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskRequest;
import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Both sides share the work.
 */
class MixedFleetTest extends BesideGo {

	private static final int TASKS = 2_000;

	private static final int PICK_UPS = 100;

	private static final Map<String, String> HEADERS = Map.of("a", "b");

	@Test
	@Scenario(64)
	void scenario64_javaWorksForAGoClient() {
		goEnqueue("success", Behaviour.SUCCEED, Map.of());
		goEnqueue("retry", Behaviour.fail(2), Map.of("headers", HEADERS));
		goEnqueue("archive", Behaviour.fail(2), Map.of("retry", 1));
		goEnqueue("result", Behaviour.result("hello"), Map.of("retention", 60_000, "unique", 60_000));
		Map<String, Object> again = goTask("again", Behaviour.result("hello"), Map.of("unique", 60_000));
		assertThat(goClient().refusal(again)).isEqualTo("task already exists");
		this.java.work(JavaService.options());
		awaitEndOfAll();
		assertThat(this.java.attempts("retry")).hasSize(3)
			.allSatisfy((attempt) -> assertThat(attempt.headers()).isEqualTo(HEADERS));
		this.java.stop();
		assertThat(goClient().refusal(again)).as("unique lock released").isNull();
	}

	@Test
	@Scenario(64)
	void scenario64_goWorksForAJavaClient() {
		javaTask("success", Behaviour.SUCCEED).enqueue();
		javaTask("retry", Behaviour.fail(2)).header("a", "b").enqueue();
		javaTask("archive", Behaviour.fail(2)).retry(1).enqueue();
		javaTask("result", Behaviour.result("hello")).retention(Duration.ofMinutes(1))
			.unique(Duration.ofMinutes(1))
			.enqueue();
		TaskRequest again = javaTask("again", Behaviour.result("hello")).unique(Duration.ofMinutes(1)).toRequest();
		assertThat(this.java.tasks().enqueueAll(List.of(again)).get(0).error()).hasMessageContaining("unique");
		GoServer server = goServer(2);
		awaitEndOfAll();
		server.close();
		assertThat(server.attempts("retry")).hasSize(3)
			.allSatisfy((attempt) -> assertThat(attempt.get("headers").get("a").asString()).isEqualTo("b"));
		this.java.tasks().enqueue(again);
	}

	@Test
	@Scenario(65)
	void scenario65_goAndJavaShareAQueueOfTasksThatFailAtRandom() {
		Random random = new Random(65);
		Set<String> archived = new TreeSet<>();
		List<TaskRequest> requests = new ArrayList<>();
		int attempts = 0;
		for (int number = 0; number < TASKS; number++) {
			String id = "id" + number;
			int fail = Math.max(0, random.nextInt(6) - 2);
			int retry = random.nextInt(4);
			attempts += Math.min(fail, retry) + 1;
			if (fail > retry) {
				archived.add(id);
			}
			if (number % 2 == 0) {
				goEnqueue(id, Behaviour.fail(fail), Map.of("retry", retry));
			}
			else {
				requests.add(javaTask(id, Behaviour.fail(fail)).retry(retry).toRequest());
			}
		}
		assertThat(this.java.tasks().enqueueAll(requests)).extracting(EnqueueResult::error).containsOnlyNulls();
		GoServer server = goServer(4);
		this.java.work(JavaService.options().withConcurrency(4));
		StoredQueue queue = new StoredQueue(this.redis);
		int expected = attempts;
		await().atMost(Duration.ofSeconds(60)).until(() -> queue.counter("processed") >= expected);
		this.java.stop();
		server.close();
		assertThat(queue.faults()).isEmpty();
		assertThat(this.redis.exists(P + "pending", P + "active", P + "lease", P + "retry", P + "scheduled")).isZero();
		assertThat(new TreeSet<>(this.redis.zrange(P + "archived", 0, -1))).isEqualTo(archived);
		assertThat(queue.counter("processed")).isEqualTo(attempts);
		assertThat(queue.counter("processed") - queue.counter("failed")).isEqualTo(TASKS - archived.size());
		assertThat(this.java.attempts() + server.started().size()).as("each attempt once").isEqualTo(attempts);
		System.out.printf("Of %d attempts Java ran %d and Go %d%n", attempts, this.java.attempts(),
				server.started().size());
		assertThat(this.java.attempts()).isPositive();
		assertThat(server.started()).isNotEmpty();
	}

	@Test
	void typesThatOnlyGoKnowsReachGoWithoutLosingAnAttempt() {
		this.java.work(JavaService.options());
		GoServer server = goServer(2);
		for (int number = 0; number < 50; number++) {
			goEnqueue("id" + number, Behaviour.SUCCEED, Map.of("type", "only-go"));
		}
		StoredQueue queue = new StoredQueue(this.redis);
		await().atMost(Duration.ofSeconds(60)).until(() -> queue.counter("processed") == 50);
		assertThat(queue.counter("failed")).isZero();
		assertThat(server.started()).hasSize(50).doesNotHaveDuplicates();
		assertThat(queue.faults()).isEmpty();
	}

	@Test
	void idleJavaWorkerStartsAGoClientsTaskAtOnce() {
		Queue<Long> latencies = new ConcurrentLinkedQueue<>();
		this.java.handle("stamped", (task) -> {
			Instant now = Instant.now();
			long sent = Long.parseLong(new String(task.payload(), StandardCharsets.US_ASCII));
			latencies.add(now.getEpochSecond() * 1_000_000_000 + now.getNano() - sent);
			return null;
		});
		this.java.work(JavaService.options());
		for (int number = 1; number <= PICK_UPS; number++) {
			int count = number;
			goClient().ask(Map.of("type", "stamped", "stamp", true));
			await().pollInterval(Duration.ofMillis(2)).until(() -> latencies.size() == count);
			// Idle once more
			await().until(() -> !this.redis.exists(P + "active"));
		}
		List<Long> sorted = latencies.stream().sorted().toList();
		double median = sorted.get(PICK_UPS / 2) / 1e6;
		System.out.printf("Idle pick-up of a Go client's task: median %.2f ms, 90 %% %.2f ms, longest %.2f ms%n",
				median, sorted.get(PICK_UPS * 9 / 10) / 1e6, sorted.get(PICK_UPS - 1) / 1e6);
		assertThat(median).as("median in ms").isLessThan(50);
	}

	private void awaitEndOfAll() {
		awaitGone("success");
		awaitGone("retry");
		awaitState("archive", "archived");
		awaitState("result", "completed");
		assertThat(this.redis.hget(P + "t:result", "result")).isEqualTo("hello");
		assertThat(goSees("archive").get("Retried").asInt()).isOne();
		assertThat(new StoredQueue(this.redis).faults()).isEmpty();
	}

}
