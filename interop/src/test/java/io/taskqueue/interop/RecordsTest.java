package io.taskqueue.interop;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

import io.taskqueue.Enqueued;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskRequest;
import io.taskqueue.testing.Scenario;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What one side writes the other reads.
 */
class RecordsTest extends BesideGo {

	private static final long DEADLINE = 1_900_000_000;

	private static final byte[] PAYLOAD = utf8("{\"user_id\":42}");

	private static final Map<String, String> HEADERS = Map.of("traceparent", "00-abc-def-01", "größe", "😀");

	@Test
	@Scenario(1)
	void scenario01_javaReadsEveryFieldThatGoWrites() {
		goEnqueue("a", Behaviour.SUCCEED, Map.of("type", "email:send", "payload", PAYLOAD, "headers", HEADERS, "retry",
				7, "timeout", 90_000, "deadline", DEADLINE, "unique", 60_000, "retention", 3_600_000));
		assertThat(message("a")).usingRecursiveComparison()
			.isEqualTo(new TaskMessage("email:send", PAYLOAD, "a", "default", 7, 0, "", 90, DEADLINE,
					Keys.unique("default", "email:send", PAYLOAD), 0, 3600, 0, "", HEADERS));
		goEnqueue("b", Behaviour.SUCCEED, Map.of("group", "g"));
		assertThat(message("b").groupKey()).isEqualTo("g");
	}

	@Test
	@Scenario(1)
	void scenario01_goReadsEveryFieldThatJavaWrites() throws Exception {
		this.java.tasks()
			.once("email:send")
			.uuid("a")
			.payload(PAYLOAD)
			.header("traceparent", "00-abc-def-01")
			.header("größe", "😀")
			.retry(7)
			.timeout(Duration.ofSeconds(90))
			.deadline(Instant.ofEpochSecond(DEADLINE))
			.unique(Duration.ofMinutes(1))
			.retention(Duration.ofHours(1))
			.enqueue();
		JsonNode task = goSees("a");
		assertThat(task.get("Type").asString()).isEqualTo("email:send");
		assertThat(task.get("Payload").binaryValue()).isEqualTo(PAYLOAD);
		assertThat(task.get("Headers").properties()).hasSize(2)
			.allSatisfy((header) -> assertThat(header.getValue().asString()).isEqualTo(HEADERS.get(header.getKey())));
		assertThat(task.get("MaxRetry").asInt()).isEqualTo(7);
		assertThat(task.get("Timeout").asLong()).isEqualTo(Duration.ofSeconds(90).toNanos());
		assertThat(instant(task.get("Deadline"))).isEqualTo(Instant.ofEpochSecond(DEADLINE));
		assertThat(task.get("Retention").asLong()).isEqualTo(Duration.ofHours(1).toNanos());
		assertThat(task.get("State").asString()).isEqualTo("pending");
	}

	@Test
	@Scenario(2)
	void scenario02_smallestRecordIsTheSameOnBothSides() {
		this.java.tasks().once("t").uuid("id").retry(25).enqueue();
		byte[] ours = record("default", "id");
		assertThat(HexFormat.of().formatHex(ours)).isEqualTo("0a01741a026964220764656661756c74281940880e");
		this.java.tasks().once("t").uuid("none").retry(0).enqueue();
		assertThat(goSees("none").get("MaxRetry").asInt()).isZero();
		this.redis.flushAll();
		goClient().ask(Map.of("type", "t", "id", "id"));
		assertThat(record("default", "id")).isEqualTo(ours);
	}

	@Test
	@Scenario(3)
	void scenario03_noPayloadAndAnEmptyOneHaveLocksOfTheirOwn() {
		this.java.tasks().enqueue(unique("none", null));
		this.java.tasks().enqueue(unique("empty", new byte[0]));
		assertThat(this.redis.get(P + "unique:t:")).isEqualTo("none");
		assertThat(this.redis.get(P + "unique:t:d41d8cd98f00b204e9800998ecf8427e")).isEqualTo("empty");
		assertThat(message("none").payload()).isEmpty();
		assertThat(message("empty").payload()).isEmpty();
		assertThat(goClient().refusal(Map.of("type", "t", "unique", 60_000))).isEqualTo("task already exists");
		assertThat(goClient().refusal(Map.of("type", "t", "payload", new byte[0], "unique", 60_000)))
			.isEqualTo("task already exists");
	}

	@Test
	@Scenario(13)
	void scenario13_lockThatGoLeavesBehindIsTakenOver() {
		byte[] payload = Behaviour.result("x").payload();
		String lock = Keys.unique("default", "t", payload);
		goEnqueue("a", Behaviour.SUCCEED, Map.of());
		assertThatExceptionOfType(TaskConflictException.class)
			.isThrownBy(() -> this.java.tasks().enqueue(unique("a", payload)));
		assertThat(this.redis.exists(lock)).as("we leave none").isFalse();
		assertThat(goClient().refusal(goTask("a", Behaviour.result("x"), Map.of("unique", 60_000))))
			.isEqualTo("task ID conflicts with another task");
		assertThat(this.redis.get(lock)).isEqualTo("a");
		go("delete", "a");
		assertThat(this.redis.get(lock)).isEqualTo("a");
		assertThat(this.java.tasks().enqueue(unique("a", payload)).enqueued()).isEqualTo(Enqueued.CREATED);
		this.java.work(JavaService.options());
		awaitGone("a");
		assertThat(this.redis.exists(lock)).isFalse();
	}

	@Test
	@Scenario(4)
	void scenario04_uniqueLockOfEitherSideRefusesTheOther() {
		String lock = P + "unique:email:send:1181f89307fa271072c095747d5813cc";
		Map<String, Object> go = Map.of("type", "email:send", "payload", PAYLOAD, "unique", 60_000);
		TaskRequest ours = TaskRequest.of("email:send", PAYLOAD)
			.with((options) -> options.withId("a").withUnique(Duration.ofMinutes(1)));
		this.java.tasks().enqueue(ours);
		assertThat(this.redis.get(lock)).isEqualTo("a");
		assertThat(goClient().refusal(go)).isEqualTo("task already exists");
		go("delete", "a");
		assertThat(this.redis.exists(lock)).as("released by asynq's inspector").isFalse();
		String id = goClient().ask(go).get("ID").asString();
		assertThat(this.redis.get(lock)).isEqualTo(id);
		assertThatExceptionOfType(TaskConflictException.class).isThrownBy(() -> this.java.tasks().enqueue(ours))
			.satisfies((refused) -> assertThat(refused.reason()).isEqualTo(Enqueued.DUPLICATE));
		this.java.work(JavaService.options());
		await().until(() -> !this.redis.exists(lock));
		this.java.tasks().enqueue(ours);
	}

	@Test
	@Scenario(4)
	void scenario04_uniqueLockWithoutPayloadIsTheSame() {
		this.java.tasks()
			.enqueue(TaskRequest.of("t", null).with((options) -> options.withUnique(Duration.ofMinutes(1))));
		assertThat(goClient().refusal(Map.of("type", "t", "unique", 60_000))).isEqualTo("task already exists");
	}

	@Test
	@Scenario(5)
	void scenario05_goRunsTypesAndHeadersBeyondAscii() throws Exception {
		// The broken halves of a character cannot be written as UTF-8
		this.java.tasks().once("t:😀").uuid("ä😀").header("h\ud800", "\udc00!").payload(utf8("😀")).enqueue();
		try (GoServer server = goServer(1)) {
			server.awaitStart("ä😀");
			JsonNode attempt = server.attempts("ä😀").get(0);
			assertThat(attempt.get("type").asString()).isEqualTo("t:😀");
			assertThat(attempt.get("payload").binaryValue()).isEqualTo(utf8("😀"));
			assertThat(attempt.get("headers").propertyNames()).singleElement().asString().startsWith("h");
			awaitGone("ä😀");
		}
	}

	@Test
	@Scenario(5)
	void scenario05_goRetriesATaskWhoseErrorTextIsBroken() {
		this.java.handle("broken", (task) -> {
			throw new IllegalStateException("bad 😀 \ud83d text");
		});
		this.java.work(JavaService.patient());
		this.java.tasks().once("broken").uuid("a").payload(Behaviour.fail(2).payload()).enqueue();
		awaitState("a", "retry");
		this.java.stop();
		assertThat(goSees("a").get("LastErr").asString()).isEqualTo("IllegalStateException: bad 😀 ? text");
		go("run", "a");
		GoServer server = goServer(1);
		awaitGone("a");
		assertThat(server.attempts("a")).extracting((attempt) -> attempt.get("retried").asInt()).containsExactly(1, 2);
	}

	@Test
	@Scenario(5)
	void scenario05_javaServesQueuesBeyondAscii() {
		this.java.work(JavaService.options().withQueues(Map.of("📦 ü", 1)));
		goEnqueue("a😀", Behaviour.fail(1), Map.of("queue", "📦 ü", "type", "t:😀", "retention", 60_000));
		await().until(() -> "completed".equals(this.redis.hget(Keys.task("📦 ü", "a😀"), "state")));
		JsonNode task = goInspector().ask(Map.of("op", "task", "queue", "📦 ü", "id", "a😀"));
		assertThat(task.get("State").asString()).isEqualTo("completed");
		assertThat(task.get("LastErr").asString()).isEqualTo("IllegalStateException: failure 1 of a😀");
		assertThat(this.java.attempts("a😀")).extracting(TaskContext::type).containsOnly("t:😀");
	}

	@Test
	@Scenario(6)
	void scenario06_headersSurviveRetriesOnBothSides() {
		javaTask("a", Behaviour.fail(2)).header("a", "b").enqueue();
		GoServer server = goServer(1);
		awaitGone("a");
		server.close();
		assertThat(server.attempts("a")).hasSize(3)
			.allSatisfy((attempt) -> assertThat(attempt.get("headers").get("a").asString()).isEqualTo("b"));
		goEnqueue("b", Behaviour.fail(2), Map.of("headers", Map.of("a", "b")));
		this.java.work(JavaService.options());
		awaitGone("b");
		assertThat(this.java.attempts("b")).extracting(TaskContext::headers).hasSize(3).containsOnly(Map.of("a", "b"));
		assertThat(this.redis.keys("asynq:\\{default\\}:t:*")).isEqualTo(Set.of());
	}

	private static TaskRequest unique(String id, byte @Nullable [] payload) {
		return TaskRequest.of("t", payload).with((options) -> options.withId(id).withUnique(Duration.ofMinutes(1)));
	}

	private static Instant instant(JsonNode time) {
		return OffsetDateTime.parse(time.asString()).toInstant();
	}

}
