package io.taskqueue.interop;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;

import io.taskqueue.Enqueued;
import io.taskqueue.cron.CronTaskDefinition;
import io.taskqueue.testing.Scenario;
import io.taskqueue.worker.WorkerOptions;
import io.taskqueue.worker.WorkerOptions.OnCancel;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * asynq's tools see and steer our workers; tasks pass from a stopped worker to another.
 */
class ControlTest extends BesideGo {

	private static final Behaviour LONG = Behaviour.hold(60_000);

	private static final WorkerOptions HASTY = JavaService.options().withShutdownTimeout(Duration.ofMillis(50));

	@Test
	@Scenario(42)
	void scenario42_goCancelsATaskOfOursWhichIsArchived() {
		goEnqueue("a", LONG, Map.of());
		this.java.work(JavaService.patient());
		cancelRunning("a");
		awaitState("a", "archived");
		assertThat(goSees("a").get("LastErr").asString()).isEqualTo("context canceled");
		assertThat(goSees("a").get("Retried").asInt()).isZero();
	}

	@Test
	@Scenario(42)
	void scenario42_goCancelsATaskOfOursWhichIsRetriedIfConfigured() {
		goEnqueue("a", LONG, Map.of());
		this.java.work(JavaService.patient().withOnCancel(OnCancel.RETRY));
		cancelRunning("a");
		awaitState("a", "retry");
		assertThat(goSees("a").get("LastErr").asString()).isEqualTo("context canceled");
		assertThat(goSees("a").get("Retried").asInt()).isOne();
	}

	@Test
	@Scenario(43)
	void scenario43_taskOfAStoppedJavaWorkerIsTheNextOfGo() {
		javaTask("a", Behaviour.hold(1_000)).enqueue();
		this.java.work(HASTY.withConcurrency(1));
		this.java.awaitStart("a");
		javaTask("b", Behaviour.SUCCEED).enqueue();
		this.java.stop();
		assertThat(goLists("pending")).containsExactly("a", "b");
		assertThat(goInspector().ask(Map.of("op", "servers"))).isEmpty();
		GoServer server = goServer(1);
		awaitGone("a");
		awaitGone("b");
		assertThat(server.started()).containsExactly("a", "b");
		assertThat(server.attempts("a").get(0).get("retried").asInt()).isZero();
	}

	@Test
	@Scenario(43)
	void scenario43_taskOfAStoppedGoServerIsTheNextOfJava() {
		goEnqueue("a", Behaviour.hold(1_000), Map.of());
		GoServer server = goServer(Map.of("concurrency", 1, "shutdownTimeout", 50));
		server.awaitStart("a");
		goEnqueue("b", Behaviour.SUCCEED, Map.of());
		server.close();
		assertThat(goLists("pending")).containsExactly("a", "b");
		this.java.work(JavaService.options().withConcurrency(1));
		awaitGone("a");
		awaitGone("b");
		assertThat(this.java.attempts("a")).singleElement()
			.satisfies((attempt) -> assertThat(attempt.retried()).isZero());
	}

	@Test
	@Scenario(55)
	void scenario55_goShowsOurServerAndItsWorkers() throws Exception {
		javaTask("a", LONG).timeout(Duration.ofMinutes(2)).enqueue();
		this.java.work(HASTY.withQueues(Map.of("default", 6, "low", 2)).withConcurrency(7).withStrict(true));
		this.java.awaitStart("a");
		await().until(() -> !servers().isEmpty() && servers().get(0).get("ActiveWorkers").size() == 1);
		assertThat(servers()).hasSize(1);
		JsonNode server = servers().get(0);
		assertThat(server.get("Host").asString()).isEqualTo(HASTY.host());
		assertThat(server.get("PID").asInt()).isEqualTo(HASTY.pid());
		assertThat(server.get("Concurrency").asInt()).isEqualTo(7);
		assertThat(server.get("Queues").toString()).isIn("{\"default\":6,\"low\":2}", "{\"low\":2,\"default\":6}");
		assertThat(server.get("StrictPriority").asBoolean()).isTrue();
		assertThat(server.get("Status").asString()).isEqualTo("active");
		JsonNode worker = server.get("ActiveWorkers").get(0);
		assertThat(worker.get("TaskID").asString()).isEqualTo("a");
		assertThat(worker.get("TaskType").asString()).isEqualTo("t");
		assertThat(worker.get("Queue").asString()).isEqualTo("default");
		assertThat(worker.get("TaskPayload").binaryValue()).isEqualTo(LONG.payload());
		assertThat(lasts(worker)).isBetween(Duration.ofSeconds(118), Duration.ofSeconds(122));
		this.java.stop();
		assertThat(servers()).isEmpty();
	}

	@Test
	void requestThatWaitsForATaskThatGoRunsFollowsIt() {
		goEnqueue("a", Behaviour.hold(500), Map.of("unique", 60_000));
		GoServer server = goServer(1);
		server.awaitStart("a");
		this.java.work(JavaService.options());
		assertThat(
				javaTask("a", Behaviour.result("second")).retention(Duration.ofHours(1)).replace().enqueue().enqueued())
			.isEqualTo(Enqueued.NEXT);
		await().atMost(Duration.ofSeconds(60)).until(() -> "second".equals(this.redis.hget(P + "t:a", "result")));
		awaitState("a", "completed");
		assertThat(this.redis.exists(P + "tq:next")).isFalse();
		assertThat(new StoredQueue(this.redis).faults()).isEmpty();
	}

	@Test
	void pauseOfGoHoldsOurWorkerAndItsEndWakesIt() {
		javaTask("first", Behaviour.SUCCEED).enqueue();
		this.java.work(JavaService.options());
		awaitGone("first");
		goInspector().ask(Map.of("op", "pause", "queue", "default"));
		GoServer server = goServer(1);
		javaTask("a", Behaviour.SUCCEED).enqueue();
		this.java.tasks().once("t").uuid("due").in(Duration.ofSeconds(1)).enqueue();
		// Forwarding goes on, so this much time has passed without anybody taking a task
		awaitState("due", "pending");
		assertThat(goLists("pending")).containsExactly("a", "due");
		server.close();
		goInspector().ask(Map.of("op", "unpause", "queue", "default"));
		awaitGone("a");
		awaitGone("due");
	}

	@Test
	@Scenario(56)
	void scenario56_goShowsOurCronTasks() {
		this.java.schedule(CronTaskDefinition.of("often", "tick", "@every 1s").withQueue("ticks"),
				CronTaskDefinition.of("never", "tock", "0 0 0 1 1 *"));
		await().until(() -> schedules().size() == 2);
		await().until(() -> !goInspector().ask(Map.of("op", "events", "id", "interop:often")).isEmpty());
		assertThat(schedules().valueStream()).anySatisfy((entry) -> {
			assertThat(entry.get("ID").asString()).isEqualTo("interop:never");
			assertThat(entry.get("Prev").asString()).as("never").startsWith("0001-01-01");
			assertThat(OffsetDateTime.parse(entry.get("Next").asString()).getMonthValue()).isOne();
		}).anySatisfy((entry) -> {
			assertThat(entry.get("ID").asString()).isEqualTo("interop:often");
			assertThat(entry.get("Spec").asString()).isEqualTo("@every 1s");
			assertThat(entry.get("Opts")).isNotEmpty();
		});
	}

	private JsonNode schedules() {
		return goInspector().ask(Map.of("op", "schedules"));
	}

	private void cancelRunning(String id) {
		this.java.awaitStart(id);
		await().until(() -> {
			go("cancel", id);
			return !"active".equals(goSees(id).get("State").asString());
		});
	}

	private JsonNode servers() {
		return goInspector().ask(Map.of("op", "servers"));
	}

	private static Duration lasts(JsonNode worker) {
		return Duration.between(OffsetDateTime.parse(worker.get("Started").asString()),
				OffsetDateTime.parse(worker.get("Deadline").asString()));
	}

}
