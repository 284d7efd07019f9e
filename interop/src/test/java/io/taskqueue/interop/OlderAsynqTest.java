package io.taskqueue.interop;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

import io.taskqueue.TaskContext;
import io.taskqueue.testing.Scenario;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The versions of asynq before there were headers.
 */
@ParameterizedClass(name = "{0}")
@FieldSource("PEERS")
class OlderAsynqTest extends BesideTools {

	static final List<GoProgram> PEERS = List.of(GoProgram.ASYNQ_0_25, GoProgram.ASYNQ_0_24);

	private static final long DEADLINE = 1_900_000_000;

	private static final byte[] PAYLOAD = utf8("{\"user_id\":42}");

	@Parameter
	GoProgram peer;

	@Override
	GoProgram peer() {
		return this.peer;
	}

	@Test
	@Scenario(1)
	void javaReadsEveryFieldThatGoWrites() {
		goEnqueue("a", Behaviour.SUCCEED, Map.of("type", "email:send", "payload", PAYLOAD, "retry", 7, "timeout",
				90_000, "deadline", DEADLINE, "unique", 60_000, "retention", 3_600_000));
		assertThat(message("a")).usingRecursiveComparison()
			.isEqualTo(new TaskMessage("email:send", PAYLOAD, "a", "default", 7, 0, "", 90, DEADLINE,
					Keys.unique("default", "email:send", PAYLOAD), 0, 3600, 0, "", Map.of()));
		goEnqueue("b", Behaviour.SUCCEED, Map.of("group", "g"));
		assertThat(message("b").groupKey()).isEqualTo("g");
	}

	@Test
	@Scenario(1)
	void goReadsEveryFieldThatJavaWrites() throws Exception {
		this.java.tasks()
			.once("email:send")
			.uuid("a")
			.payload(PAYLOAD)
			.header("a", "b")
			.retry(7)
			.timeout(Duration.ofSeconds(90))
			.deadline(Instant.ofEpochSecond(DEADLINE))
			.retention(Duration.ofHours(1))
			.enqueue();
		JsonNode task = goSees("a");
		assertThat(task.get("Type").asString()).isEqualTo("email:send");
		assertThat(task.get("Payload").binaryValue()).isEqualTo(PAYLOAD);
		assertThat(task.get("MaxRetry").asInt()).isEqualTo(7);
		assertThat(task.get("Timeout").asLong()).isEqualTo(Duration.ofSeconds(90).toNanos());
		assertThat(OffsetDateTime.parse(task.get("Deadline").asString()).toEpochSecond()).isEqualTo(DEADLINE);
		assertThat(task.get("Retention").asLong()).isEqualTo(Duration.ofHours(1).toNanos());
	}

	@Test
	@Scenario(2)
	void smallestRecordIsTheSameOnBothSides() {
		this.java.tasks().once("t").uuid("id").retry(25).enqueue();
		byte[] ours = record("default", "id");
		this.redis.flushAll();
		goClient().ask(Map.of("type", "t", "id", "id"));
		assertThat(record("default", "id")).isEqualTo(ours);
	}

	@Test
	@Scenario(7)
	void headersThatGoHasDroppedAreMissedWithoutAnError() {
		javaTask("a", Behaviour.fail(1)).header("a", "b").enqueue();
		assertThat(message("a").headers()).containsOnlyKeys("a");
		GoServer server = goServer(Map.of("concurrency", 1, "retryDelay", 3_600_000));
		awaitState("a", "retry");
		server.close();
		assertThat(message("a").headers()).isEmpty();
		go("run", "a");
		this.java.work(JavaService.options());
		awaitGone("a");
		assertThat(this.java.attempts("a")).singleElement().extracting(TaskContext::headers).isEqualTo(Map.of());
	}

	@Test
	@Scenario(6)
	void headersStayWhileOnlyJavaWrites() {
		javaTask("a", Behaviour.fail(2)).header("a", "b").enqueue();
		goSees("a");
		go("archive", "a");
		go("run", "a");
		this.java.work(JavaService.options());
		awaitGone("a");
		assertThat(this.java.attempts("a")).hasSize(3).extracting(TaskContext::headers).containsOnly(Map.of("a", "b"));
	}

	@Test
	@Scenario({ 57, 58 })
	void everyStateIsListed() {
		occupyEveryState();
		for (String state : List.of("active", "scheduled", "retry", "archived", "completed", "aggregating")) {
			assertThat(goLists(state)).containsExactly(state);
		}
		assertThat(goLists("pending")).containsExactly("pending1", "pending2");
		assertThat(goSeesQueue().get("Size").asInt()).isEqualTo(8);
		assertThat(goSeesQueue().get("MemoryUsage").asLong()).isPositive();
		await().until(() -> goInspector().ask(Map.of("op", "servers")).at("/0/ActiveWorkers").size() == 1);
		assertThat(goInspector().ask(Map.of("op", "history", "queue", "default")).at("/0/Processed").asInt())
			.isEqualTo(3);
	}

	@Test
	@Scenario(64)
	void eachSideWorksForTheOther() {
		javaTask("retry", Behaviour.fail(2)).enqueue();
		javaTask("archive", Behaviour.fail(2)).retry(1).enqueue();
		javaTask("result", Behaviour.result("hello")).retention(Duration.ofMinutes(1))
			.unique(Duration.ofMinutes(1))
			.enqueue();
		GoServer server = goServer(2);
		awaitEndOfAll();
		server.close();
		this.redis.flushAll();
		goEnqueue("retry", Behaviour.fail(2), Map.of());
		goEnqueue("archive", Behaviour.fail(2), Map.of("retry", 1));
		goEnqueue("result", Behaviour.result("hello"), Map.of("retention", 60_000, "unique", 60_000));
		this.java.work(JavaService.options());
		awaitEndOfAll();
	}

	private void awaitEndOfAll() {
		awaitGone("retry");
		awaitState("archive", "archived");
		awaitState("result", "completed");
		assertThat(this.redis.hget(P + "t:result", "result")).isEqualTo("hello");
		assertThat(goSees("archive").get("Retried").asInt()).isOne();
		assertThat(new StoredQueue(this.redis).faults()).isEmpty();
	}

}
