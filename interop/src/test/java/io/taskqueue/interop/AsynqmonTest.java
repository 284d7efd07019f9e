package io.taskqueue.interop;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.taskqueue.cron.CronTaskDefinition;
import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * asynqmon shows and controls what is ours.
 */
class AsynqmonTest extends BesideTools {

	private Asynqmon asynqmon;

	@BeforeEach
	void startAsynqmon() {
		this.asynqmon = closeLater(new Asynqmon(address()));
	}

	@Test
	@Scenario({ 57, 58 })
	void everyPageAnswersForAQueueInEveryState() {
		occupyEveryState();
		this.asynqmon.assertEveryPageAnswers();
		JsonNode figures = this.asynqmon.figures("default");
		Map.of("size", 8, "active", 1, "pending", 2, "scheduled", 1, "retry", 1, "archived", 1, "completed", 1,
				"aggregating", 1, "groups", 1)
			.forEach((figure, count) -> assertThat(figures.get(figure).asInt()).as(figure).isEqualTo(count));
		Map.of("processed", 3, "succeeded", 1, "failed", 2)
			.forEach((figure, count) -> assertThat(figures.get(figure).asInt()).as(figure).isEqualTo(count));
		assertThat(figures.get("paused").asBoolean()).isFalse();
		assertThat(figures.get("memory_usage_bytes").asLong()).isPositive();
		assertThat(figures.get("latency_msec").asLong()).isBetween(0L, 60_000L);
		for (String state : List.of("active", "scheduled", "retry", "archived", "completed")) {
			assertThat(this.asynqmon.ids("queues/default/" + state + "_tasks")).containsExactly(state);
		}
		assertThat(this.asynqmon.ids("queues/default/pending_tasks")).containsExactly("pending1", "pending2");
		assertThat(this.asynqmon.ids("queues/default/groups/g/aggregating_tasks")).containsExactly("aggregating");
		JsonNode days = this.asynqmon.get("queue_stats").get("stats").get("default");
		assertThat(days).hasSize(90);
		assertThat(days.valueStream().mapToInt((day) -> day.get("processed").asInt()).sum()).isEqualTo(3);
		assertThat(days.valueStream().mapToInt((day) -> day.get("failed").asInt()).sum()).isEqualTo(2);
	}

	@Test
	@Scenario({ 31, 32 })
	void taskPagesTellEverything() {
		occupyEveryState();
		JsonNode retry = this.asynqmon.get("queues/default/tasks/retry");
		assertThat(retry.get("state").asString()).isEqualTo("retry");
		assertThat(retry.get("type").asString()).isEqualTo("t");
		assertThat(retry.get("max_retry").asInt()).isEqualTo(3);
		assertThat(retry.get("retried").asInt()).isOne();
		assertThat(retry.get("error_message").asString()).isEqualTo("IllegalStateException: failure 1 of retry");
		assertThat(retry.get("payload").asString()).contains("\"fail\":1");
		JsonNode completed = this.asynqmon.get("queues/default/tasks/completed");
		assertThat(completed.get("result").asString()).isEqualTo("hello");
		assertThat(completed.get("ttl_seconds").asInt()).isBetween(3500, 3600);
		assertThat(this.asynqmon.get("queues/default/tasks/active").get("timeout_seconds").asInt()).isEqualTo(120);
		assertThat(this.asynqmon.status("GET", "queues/default/tasks/unknown")).isEqualTo(404);
	}

	@Test
	@Scenario(55)
	void serverPageShowsOurWorker() {
		occupyEveryState();
		await().until(() -> this.asynqmon.get("servers").at("/servers/0/active_workers").size() == 1);
		JsonNode server = this.asynqmon.get("servers").get("servers").get(0);
		assertThat(server.get("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
		assertThat(server.get("status").asString()).isEqualTo("active");
		assertThat(server.get("concurrency").asInt()).isOne();
		assertThat(server.get("queue_priorities").get("default").asInt()).isOne();
		assertThat(server.at("/active_workers/0/task_id").asString()).isEqualTo("active");
		assertThat(server.at("/active_workers/0/task_payload").asString()).isEqualTo(LONG.text());
		this.java.stop();
		assertThat(this.asynqmon.get("servers").get("servers")).isEmpty();
	}

	@Test
	@Scenario(56)
	void schedulerPageShowsOurCronTasks() {
		this.java.schedule(CronTaskDefinition.of("often", "tick", "@every 1s")
			.withQueue("ticks")
			.withTimeout(Duration.ofSeconds(9)), CronTaskDefinition.of("never", "tock", "0 0 0 1 1 *"));
		await().until(() -> this.asynqmon.get("scheduler_entries").get("entries").size() == 2);
		await().until(() -> !events("interop:often").isEmpty());
		this.asynqmon.assertEveryPageAnswers();
		List<JsonNode> entries = this.asynqmon.get("scheduler_entries").get("entries").valueStream().toList();
		assertThat(entries).anySatisfy((entry) -> {
			assertThat(entry.get("id").asString()).isEqualTo("interop:often");
			assertThat(entry.get("task_type").asString()).isEqualTo("tick");
			assertThat(entry.get("spec").asString()).isEqualTo("@every 1s");
			assertThat(entry.get("options").toString()).contains("Queue(\\\"ticks\\\")", "Timeout(9s)");
		}).anySatisfy((entry) -> {
			assertThat(entry.get("id").asString()).isEqualTo("interop:never");
			assertThat(entry.has("prev_enqueue_at")).as("fired").isFalse();
			assertThat(events("interop:never")).isEmpty();
		});
		String fired = events("interop:often").get(0).get("task_id").asString();
		assertThat(this.asynqmon.get("queues/ticks/tasks/" + fired).get("type").asString()).isEqualTo("tick");
	}

	@Test
	@Scenario(25)
	void queueIsPausedAndResumed() {
		javaTask("a", Behaviour.SUCCEED).enqueue();
		assertThat(this.asynqmon.status("POST", "queues/default:pause")).isEqualTo(204);
		assertThat(this.asynqmon.figures("default").get("paused").asBoolean()).isTrue();
		this.java.tasks().once("t").uuid("due").in(Duration.ofSeconds(1)).enqueue();
		this.java.work(JavaService.options());
		// Forwarding goes on, so the worker has had its time to take something
		awaitState("due", "pending");
		assertThat(this.asynqmon.ids("queues/default/pending_tasks")).containsExactly("a", "due");
		assertThat(this.asynqmon.status("POST", "queues/default:resume")).isEqualTo(204);
		awaitGone("a");
		awaitGone("due");
	}

	@ParameterizedTest
	@ValueSource(strings = { "scheduled", "retry", "aggregating" })
	void waitingTasksAreRunArchivedAndDeleted(String state) {
		occupy(state, "a", "b", "c", "d", "e", "f", "g");
		String list = list(state);
		assertThat(this.asynqmon.status("POST", list + "/a:run")).isEqualTo(204);
		assertThat(this.asynqmon.status("POST", list + "/b:archive")).isEqualTo(204);
		assertThat(this.asynqmon.status("DELETE", list + "/c")).isEqualTo(204);
		assertThat(this.asynqmon.batch(list + ":batch_run", "d", "no").toString())
			.isEqualTo("{\"pending_ids\":[\"d\"],\"error_ids\":[\"no\"]}");
		assertThat(this.asynqmon.batch(list + ":batch_archive", "e").at("/archived_ids/0").asString()).isEqualTo("e");
		assertThat(this.asynqmon.batch(list + ":batch_delete", "f").at("/deleted_ids/0").asString()).isEqualTo("f");
		assertStates(Map.of("a", "pending", "b", "archived", "d", "pending", "e", "archived", "g", state));
		assertGone("c", "f");
		assertThat(this.asynqmon.all("POST", list + ":run_all").get("scheduled").asInt()).isOne();
		this.java.work(JavaService.options());
		awaitGone("a");
		awaitGone("d");
		awaitGone("g");
		assertStates(Map.of("b", "archived", "e", "archived"));
	}

	@Test
	void archivedTasksAreRunAndDeleted() {
		occupy("archived", "a", "b", "c", "d", "e");
		String list = list("archived");
		assertThat(this.asynqmon.status("POST", list + "/a:run")).isEqualTo(204);
		assertThat(this.asynqmon.status("DELETE", list + "/b")).isEqualTo(204);
		assertThat(this.asynqmon.batch(list + ":batch_run", "c").at("/pending_ids/0").asString()).isEqualTo("c");
		assertThat(this.asynqmon.batch(list + ":batch_delete", "d").at("/deleted_ids/0").asString()).isEqualTo("d");
		assertThat(this.asynqmon.all("POST", list + ":run_all").get("scheduled").asInt()).isOne();
		assertStates(Map.of("a", "pending", "c", "pending", "e", "pending"));
		assertGone("b", "d");
		assertThat(this.asynqmon.all("POST", list("pending") + ":archive_all").get("archived").asInt()).isEqualTo(3);
		assertThat(this.asynqmon.all("DELETE", list + ":delete_all").get("deleted").asInt()).isEqualTo(3);
		assertGone("a", "c", "e");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pending", "scheduled", "retry", "aggregating" })
	void allTasksOfAStateAreArchivedOrDeleted(String state) {
		occupy(state, "a", "b", "c");
		assertThat(this.asynqmon.status("DELETE", list(state) + "/c")).isEqualTo(204);
		assertThat(this.asynqmon.all("POST", list(state) + ":archive_all").get("archived").asInt()).isEqualTo(2);
		assertStates(Map.of("a", "archived", "b", "archived"));
		occupy(state, "d", "e");
		assertThat(this.asynqmon.all("DELETE", list(state) + ":delete_all").get("deleted").asInt()).isEqualTo(2);
		assertGone("c", "d", "e");
		this.asynqmon.assertEveryPageAnswers();
	}

	@Test
	void completedTasksAreDeleted() {
		occupy("completed", "a", "b", "c");
		assertThat(this.asynqmon.status("DELETE", list("completed") + "/a")).isEqualTo(204);
		assertThat(this.asynqmon.batch(list("completed") + ":batch_delete", "b").at("/deleted_ids/0").asString())
			.isEqualTo("b");
		assertThat(this.asynqmon.all("DELETE", list("completed") + ":delete_all").get("deleted").asInt()).isOne();
		assertGone("a", "b", "c");
	}

	@Test
	@Scenario(42)
	void runningTasksAreCancelled() {
		for (String id : List.of("a", "b", "c", "d")) {
			javaTask(id, LONG).enqueue();
		}
		this.java.work(JavaService.patient().withConcurrency(4));
		List.of("a", "b", "c", "d").forEach(this.java::awaitStart);
		await().until(() -> {
			// Nobody may listen yet just after the start
			assertThat(this.asynqmon.status("POST", list("active") + "/a:cancel")).isEqualTo(204);
			return "archived".equals(this.redis.hget(P + "t:a", "state"));
		});
		assertThat(this.asynqmon.batch(list("active") + ":batch_cancel", "b").at("/canceled_ids/0").asString())
			.isEqualTo("b");
		awaitState("b", "archived");
		assertThat(this.asynqmon.status("POST", list("active") + ":cancel_all")).isEqualTo(204);
		awaitState("c", "archived");
		awaitState("d", "archived");
	}

	@Test
	void queueIsDeletedOnceItIsEmpty() {
		javaTask("a", Behaviour.SUCCEED).enqueue();
		assertThat(this.asynqmon.status("DELETE", "queues/default")).isEqualTo(400);
		this.java.work(JavaService.options());
		awaitGone("a");
		this.java.stop();
		assertThat(this.asynqmon.status("DELETE", "queues/default")).isEqualTo(204);
		assertThat(this.asynqmon.get("queues").get("queues")).isEmpty();
	}

	/** What the other tests would notice. */
	@Test
	@Scenario(57)
	void fractionalScoreTakesTheListAway() {
		javaTask("a", Behaviour.SUCCEED).in(Duration.ofHours(1)).enqueue();
		this.asynqmon.assertEveryPageAnswers();
		this.redis.zadd(P + "scheduled", 1.5, "a");
		assertThat(this.asynqmon.status("GET", list("scheduled"))).isEqualTo(500);
	}

	/** What the other tests would notice. */
	@Test
	@Scenario(58)
	void idWithoutARecordTakesTheQueuesAway() {
		javaTask("a", Behaviour.SUCCEED).enqueue();
		this.asynqmon.assertEveryPageAnswers();
		this.redis.rpush(P + "pending", "ghost");
		assertThat(this.asynqmon.status("GET", "queues")).isEqualTo(500);
	}

	private JsonNode events(String entry) {
		return this.asynqmon.get("scheduler_entries/" + entry + "/enqueue_events").get("events");
	}

	private static String list(String state) {
		String group = state.equals("aggregating") ? "groups/g/" : "";
		return "queues/default/" + group + state + "_tasks";
	}

}
