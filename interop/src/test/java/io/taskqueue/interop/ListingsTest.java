package io.taskqueue.interop;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import io.taskqueue.OnConflict;
import io.taskqueue.RetryDelay;
import io.taskqueue.RetryLaterException;
import io.taskqueue.TaskConflictException;
import io.taskqueue.client.OnceTask;
import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * At any moment of our work asynq's inspector can list everything.
 */
class ListingsTest extends BesideGo {

	private static final int OPERATIONS = 3_000;

	private static final int IDS = 40;

	private static final List<String> STATES = List.of("pending", "active", "scheduled", "retry", "archived",
			"completed");

	private final Random random = new Random(57);

	@Test
	@Scenario({ 57, 58 })
	void scenario57_58_everyListingWorksAfterAnyMixOfOperations() {
		mixOperations();
		assertThat(goLists("active")).isEmpty();
	}

	@Test
	@Scenario({ 57, 58 })
	void scenario57_58_everyListingWorksWhileGoWorksOnTheSameTasks() {
		GoServer server = goServer(4);
		mixOperations();
		assertThat(server.started()).isNotEmpty();
		assertThat(this.java.attempts()).isPositive();
	}

	private void mixOperations() {
		this.java.handle("later", (task) -> {
			throw new RetryLaterException(Duration.ofMillis(777));
		});
		this.java.work(JavaService.options()
			.withRetryDelay(RetryDelay.fixed(Duration.ofMillis(1_234)))
			.withShutdownTimeout(Duration.ofMillis(50)));
		Set<String> seen = new HashSet<>();
		for (int operation = 0; operation < OPERATIONS; operation++) {
			String id = "id" + this.random.nextInt(IDS);
			if (this.random.nextInt(6) == 0) {
				// May be refused: the task is in another state or gone
				goInspector()
					.refusal(Map.of("op", any("run", "archive", "delete", "cancel"), "queue", "default", "id", id));
			}
			else {
				enqueue(task(id));
			}
			if (operation % 20 == 19) {
				seen.addAll(assertListable());
			}
		}
		assertThat(seen).containsAll(STATES);
		this.java.stop();
		assertListable();
	}

	@Test
	@Scenario({ 57, 58 })
	void scenario57_58_taskThatIsPutOffForLackOfAHandlerCanBeListed() {
		this.java.work(JavaService.options());
		this.java.tasks().once("unknown").uuid("a").enqueue();
		await().until(() -> !this.redis.exists(P + "pending") && !this.redis.exists(P + "active"));
		assertListable();
		assertThat(goLists("scheduled").size() + goLists("retry").size()).isOne();
		goEnqueue("b", Behaviour.SUCCEED, Map.of("group", "g"));
		assertThat(goLists("aggregating")).containsExactly("b");
		assertThat(goSeesQueue().get("Aggregating").asInt()).isOne();
	}

	@Test
	@Scenario({ 57, 58 })
	void scenario57_58_whatToolsStumbleOverIsNoticed() {
		this.redis.rpush(P + "pending", "ghost");
		javaTask("a", Behaviour.SUCCEED).in(Duration.ofHours(1)).enqueue();
		this.redis.zadd(P + "scheduled", 1.5, "a");
		this.redis.hset(P + "t:stray", "state", "retry");
		assertThat(new StoredQueue(this.redis).faults()).containsExactly("ghost in pending has no record",
				"a in scheduled has the score 1.5", "2 tasks, but 1 of them in a list");
	}

	private OnceTask task(String id) {
		Behaviour behaviour = switch (this.random.nextInt(5)) {
			case 0 -> Behaviour.fail(this.random.nextInt(4));
			case 1 -> Behaviour.skipRetry();
			case 2 -> Behaviour.hold(this.random.nextInt(500));
			case 3 -> Behaviour.result("done");
			default -> Behaviour.SUCCEED;
		};
		OnceTask task = this.java.tasks()
			.once(any("t", "t", "t", "later"))
			.uuid(id)
			.payload(behaviour.payload())
			.retry(this.random.nextInt(3))
			.onConflict(OnConflict.valueOf(any("FAIL", "KEEP", "REPLACE")));
		if (this.random.nextBoolean()) {
			task = task.retention(Duration.ofMillis(this.random.nextInt(100_000)));
		}
		if (this.random.nextInt(3) == 0) {
			task = task.in(Duration.ofMillis(this.random.nextInt(3_000)));
		}
		return (this.random.nextInt(4) == 0) ? task.unique(Duration.ofSeconds(2)) : task;
	}

	private static void enqueue(OnceTask task) {
		try {
			task.enqueue();
		}
		catch (TaskConflictException ex) {
			// Meant to happen now and then
		}
	}

	/** Returns the states that hold tasks. */
	private Set<String> assertListable() {
		assertThat(new StoredQueue(this.redis).faults()).isEmpty();
		Set<String> occupied = new HashSet<>();
		for (String state : STATES) {
			if (!goLists(state).isEmpty()) {
				occupied.add(state);
			}
		}
		assertThat(goSeesQueue().get("MemoryUsage").asLong()).isNotNegative();
		goInspector().ask(Map.of("op", "queues"));
		goInspector().ask(Map.of("op", "servers"));
		goInspector().ask(Map.of("op", "schedules"));
		goInspector().ask(Map.of("op", "groups", "queue", "default"));
		goInspector().ask(Map.of("op", "history", "queue", "default"));
		return occupied;
	}

	private String any(String... choices) {
		return choices[this.random.nextInt(choices.length)];
	}

}
