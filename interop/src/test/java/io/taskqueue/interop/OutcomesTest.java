package io.taskqueue.interop;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;

import io.taskqueue.Enqueued;
import io.taskqueue.RetryLaterException;
import io.taskqueue.TaskContext;
import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * What an attempt of one side leaves, the other side understands.
 */
class OutcomesTest extends BesideGo {

	private static final String FAILURE = "IllegalStateException: failure 1 of a";

	@Test
	@Scenario({ 30, 31 })
	void scenario30_31_goSeesWhatJavaHasCompletedAndItsResult() throws Exception {
		javaTask("a", Behaviour.result("hello")).retention(Duration.ofHours(1)).unique(Duration.ofHours(1)).enqueue();
		this.java.work(JavaService.options());
		awaitState("a", "completed");
		JsonNode task = goSees("a");
		assertThat(task.get("State").asString()).isEqualTo("completed");
		assertThat(task.get("Result").binaryValue()).isEqualTo(utf8("hello"));
		long completed = OffsetDateTime.parse(task.get("CompletedAt").asString()).toEpochSecond();
		assertThat(completed).isCloseTo(System.currentTimeMillis() / 1000, within(30L));
		assertThat(this.redis.zscore(P + "completed", "a")).isEqualTo((double) completed + 3600);
		assertThat(this.redis.keys(P.replace("{", "\\{") + "unique:*")).isEmpty();
		assertCounts(1, 0);
		this.java.stop();
		go("run", "a");
		GoServer server = goServer(1);
		server.awaitStart("a");
		awaitState("a", "completed");
	}

	@Test
	@Scenario({ 30, 31 })
	void scenario30_31_javaUnderstandsWhatGoHasCompleted() {
		goEnqueue("a", Behaviour.result("hello"), Map.of("retention", 3_600_000, "unique", 3_600_000));
		GoServer server = goServer(1);
		awaitState("a", "completed");
		server.close();
		assertThat(this.redis.hget(P + "t:a", "result")).isEqualTo("hello");
		assertThat(message("a").completedAt()).isPositive();
		// Different on purpose: what is only retained does not hold its id
		assertThat(javaTask("a", Behaviour.SUCCEED).enqueue().enqueued()).isEqualTo(Enqueued.CREATED);
		assertThat(goLists("completed")).isEmpty();
		this.java.work(JavaService.options());
		awaitGone("a");
		assertCounts(2, 0);
	}

	@Test
	@Scenario(32)
	void scenario32_goSeesAndRunsWhatFailedInJava() {
		javaTask("a", Behaviour.fail(1)).retry(25).enqueue();
		this.java.work(JavaService.patient());
		awaitState("a", "retry");
		this.java.stop();
		JsonNode task = goSees("a");
		assertThat(task.get("State").asString()).isEqualTo("retry");
		assertThat(task.get("Retried").asInt()).isOne();
		assertThat(task.get("LastErr").asString()).isEqualTo(FAILURE);
		assertThat(OffsetDateTime.parse(task.get("LastFailedAt").asString()).getYear()).isGreaterThan(2000);
		assertThat(goLists("retry")).containsExactly("a");
		assertCounts(1, 1);
		go("run", "a");
		GoServer server = goServer(1);
		awaitGone("a");
		assertThat(server.attempts("a")).singleElement()
			.satisfies((attempt) -> assertThat(attempt.get("retried").asInt()).isOne());
		assertCounts(2, 1);
	}

	@Test
	@Scenario(32)
	void scenario32_javaRunsWhatFailedInGo() {
		goEnqueue("a", Behaviour.fail(1), Map.of());
		GoServer server = goServer(Map.of("concurrency", 1, "retryDelay", 1_000));
		awaitState("a", "retry");
		server.close();
		this.java.work(JavaService.options());
		awaitGone("a");
		TaskContext attempt = this.java.attempts("a").get(0);
		assertThat(attempt.retried()).isOne();
		assertThat(attempt.lastError()).isEqualTo("failure 1 of a");
		assertThat(attempt.maxRetry()).isEqualTo(25);
		assertCounts(2, 1);
	}

	@Test
	@Scenario(33)
	void scenario33_goSeesWhatJavaPutOffWithoutAFailure() {
		this.java.handle("later", (task) -> {
			throw new RetryLaterException(Duration.ofHours(1), "not yet", null);
		});
		this.java.tasks().once("later").uuid("a").enqueue();
		this.java.work(JavaService.options());
		awaitState("a", "retry");
		JsonNode task = goSees("a");
		assertThat(task.get("Retried").asInt()).isZero();
		assertThat(task.get("LastErr").asString()).contains("not yet");
		assertThat(this.redis.exists(P + "processed", P + "failed")).isZero();
	}

	@Test
	@Scenario(34)
	void scenario34_goSeesAndRunsWhatJavaArchived() {
		javaTask("a", Behaviour.fail(1)).retry(0).enqueue();
		javaTask("b", Behaviour.skipRetry()).retry(25).enqueue();
		this.java.work(JavaService.options());
		awaitState("a", "archived");
		awaitState("b", "archived");
		this.java.stop();
		assertThat(goLists("archived")).containsExactlyInAnyOrder("a", "b");
		assertThat(goSees("a").get("LastErr").asString()).isEqualTo(FAILURE);
		assertThat(goSees("b").get("Retried").asInt()).isZero();
		assertCounts(2, 2);
		go("delete", "b");
		go("run", "a");
		assertThat(goSees("a").get("State").asString()).isEqualTo("pending");
		GoServer server = goServer(1);
		server.awaitStart("a");
		awaitState("a", "archived");
		assertCounts(3, 3);
	}

	@Test
	@Scenario(34)
	void scenario34_javaRunsWhatGoArchived() {
		goEnqueue("a", Behaviour.fail(1), Map.of("retry", 0));
		goEnqueue("b", Behaviour.skipRetry(), Map.of());
		goEnqueue("c", Behaviour.SUCCEED, Map.of());
		GoServer server = goServer(1);
		awaitGone("c");
		awaitState("a", "archived");
		awaitState("b", "archived");
		server.close();
		this.java.work(JavaService.options());
		go("run", "b");
		// The payload asks for a failure of the first attempt; none was counted
		this.java.awaitStart("b");
		awaitState("b", "archived");
		assertThat(this.java.attempts("b").get(0).lastError()).startsWith("failure 1 of b");
		assertThat(new String(this.java.attempts("b").get(0).payload(), StandardCharsets.UTF_8)).contains("skip");
		assertCounts(4, 3);
	}

	private void assertCounts(int processed, int failed) {
		JsonNode queue = goSeesQueue();
		assertThat(queue.get("ProcessedTotal").asInt()).isEqualTo(processed);
		assertThat(queue.get("FailedTotal").asInt()).isEqualTo(failed);
		assertThat(queue.get("Processed").asInt()).isEqualTo(processed);
		assertThat(queue.get("Failed").asInt()).isEqualTo(failed);
	}

}
