package io.taskqueue.interop;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.taskqueue.cron.CronTaskDefinition;
import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * asynq's command line tool reads and controls what is ours.
 */
class CommandLineTest extends BesideTools {

	private AsynqCommand asynq;

	@BeforeEach
	void findCommand() {
		assumeTrue(AsynqCommand.isAvailable(), AsynqCommand.MISSING);
		this.asynq = new AsynqCommand(address());
	}

	@Test
	void queuesAreListedAndInspected() {
		occupyEveryState();
		assertThat(this.asynq.run("queue", "ls").strip()).isEqualTo("default");
		List<List<String>> queue = this.asynq.rows("queue", "inspect", "default");
		assertThat(queue).contains(List.of("Size:", "8"), List.of("Paused:", "false"),
				List.of("1", "2", "1", "1", "1", "1", "1"), List.of("3", "2", "66.67%"));
		assertThat(this.asynq.rows("queue", "history", "default", "--days", "2"))
			.anySatisfy((row) -> assertThat(row).contains("3", "2", "66.67%"));
		assertThat(this.asynq.run("group", "ls", "--queue", "default").strip()).isEqualTo("g");
	}

	@Test
	void statsCountEverything() {
		occupyEveryState();
		JsonNode stats = JsonMapper.shared().readTree(this.asynq.run("stats", "--json"));
		Map.of("active", 1, "pending", 2, "aggregating", 1, "scheduled", 1, "retry", 1, "archived", 1, "completed", 1,
				"processed", 3, "failed", 2)
			.forEach((figure, count) -> assertThat(stats.get("aggregate").get(figure).asInt()).as(figure)
				.isEqualTo(count));
		assertThat(stats.at("/queues/0/Queue").asString()).isEqualTo("default");
		assertThat(this.asynq.rows("stats")).contains(List.of("1", "2", "1", "1", "1", "1", "1"));
	}

	@Test
	@Scenario({ 57, 58 })
	void tasksOfEveryStateAreListedAndInspected() {
		occupyEveryState();
		for (String state : List.of("active", "scheduled", "retry", "archived", "completed", "aggregating")) {
			List<List<String>> rows = this.asynq.rows("task", "ls", "--queue", "default", "--state", state, "--group",
					"g");
			assertThat(rows).filteredOn((row) -> row.get(0).equals(state)).as(state).hasSize(1);
		}
		assertThat(this.asynq.rows("task", "ls", "--queue", "default", "--state", "pending"))
			.extracting((row) -> row.get(0))
			.endsWith("pending1", "pending2");
		assertThat(this.asynq.rows("task", "inspect", "--queue", "default", "--id", "retry")).contains(
				List.of("State:", "retry"), List.of("Retried:", "1/3"),
				List.of("Error", "message:", "IllegalStateException:", "failure", "1", "of", "retry"));
	}

	@Test
	@Scenario(55)
	void serversAreListed() {
		occupyEveryState();
		await().until(() -> this.asynq.rows("server", "ls").stream().anyMatch((row) -> row.contains("1/1")));
		assertThat(this.asynq.rows("server", "ls")).anySatisfy((row) -> assertThat(row)
			.contains(String.valueOf(ProcessHandle.current().pid()), "active", "1/1", "default:1"));
		this.java.stop();
		assertThat(this.asynq.run("server", "ls").strip()).isEqualTo("No running servers");
	}

	@Test
	@Scenario(56)
	void cronTasksAreListedWithTheirHistory() {
		this.java.schedule(CronTaskDefinition.of("often", "tick", "@every 1s").withQueue("ticks"),
				CronTaskDefinition.of("never", "tock", "0 0 0 1 1 *").withTimeout(Duration.ofSeconds(9)));
		await().until(() -> this.asynq.run("cron", "ls").contains("interop:never"));
		assertThat(this.asynq.run("cron", "ls").lines().map(String::strip))
			.anySatisfy((line) -> assertThat(line).contains("interop:often", "@every 1s", "tick", "Queue(\"ticks\")"))
			.anySatisfy((line) -> assertThat(line).contains("interop:never", "tock", "Timeout(9s)").endsWith("N/A"));
		await().until(() -> this.asynq.run("cron", "history", "interop:often").contains("often@"));
		assertThat(this.asynq.run("cron", "history", "interop:never")).contains("No scheduler enqueue events");
	}

	@ParameterizedTest
	@CsvSource({ "run,scheduled,pending", "run,retry,pending", "run,archived,pending", "run,completed,pending",
			"run,aggregating,pending", "archive,pending,archived", "archive,scheduled,archived",
			"archive,retry,archived", "archive,aggregating,archived" })
	void taskIsMoved(String verb, String from, String to) {
		occupy(from, "a");
		this.asynq.run("task", verb, "--queue", "default", "--id", "a");
		assertStates(Map.of("a", to));
	}

	@ParameterizedTest
	@ValueSource(strings = { "pending", "scheduled", "retry", "archived", "completed", "aggregating" })
	void tasksAreDeleted(String state) {
		occupy(state, "a", "b", "c");
		this.asynq.run("task", "delete", "--queue", "default", "--id", "a");
		assertGone("a");
		assertThat(all("deleteall", state)).isEqualTo("2 tasks deleted");
		assertGone("b", "c");
		assertThat(new StoredQueue(this.redis).faults()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "runall,scheduled,pending", "runall,retry,pending", "runall,archived,pending",
			"runall,aggregating,pending", "archiveall,pending,archived", "archiveall,scheduled,archived",
			"archiveall,retry,archived", "archiveall,aggregating,archived" })
	void allTasksAreMoved(String verb, String from, String to) {
		occupy(from, "a", "b");
		assertThat(all(verb, from)).isEqualTo(verb.equals("runall") ? "2 tasks are now pending" : "2 tasks archived");
		assertStates(Map.of("a", to, "b", to));
	}

	@Test
	@Scenario(42)
	void runningTaskIsCancelled() {
		javaTask("a", LONG).enqueue();
		this.java.work(JavaService.patient());
		this.java.awaitStart("a");
		await().until(() -> {
			this.asynq.run("task", "cancel", "a");
			return "archived".equals(this.redis.hget(P + "t:a", "state"));
		});
	}

	@Test
	@Scenario(25)
	void queueIsPausedResumedAndRemoved() {
		javaTask("a", Behaviour.SUCCEED).enqueue();
		this.asynq.run("queue", "pause", "default");
		assertThat(this.asynq.rows("queue", "inspect", "default")).contains(List.of("Paused:", "true"));
		this.java.work(JavaService.options());
		javaTask("due", Behaviour.SUCCEED).in(Duration.ofSeconds(1)).enqueue();
		awaitState("due", "pending");
		assertStates(Map.of("a", "pending"));
		this.asynq.run("queue", "resume", "default");
		awaitGone("a");
		awaitGone("due");
		this.java.stop();
		occupy("scheduled", "b");
		this.asynq.run("queue", "rm", "default");
		assertThat(this.redis.smembers("asynq:queues")).as("not empty").containsExactly("default");
		this.asynq.run("queue", "rm", "--force", "default");
		assertThat(this.redis.smembers("asynq:queues")).isEmpty();
		assertGone("b");
	}

	@Test
	@Scenario(64)
	void enqueuedTaskIsRunByJava() {
		this.asynq.run("task", "enqueue", "--type_name", "t", "--payload", Behaviour.result("hello").text(), "--id",
				"a", "--retention", "1h", "--retry", "2", "--timeout", "90s");
		this.java.work(JavaService.options());
		awaitState("a", "completed");
		assertThat(this.redis.hget(P + "t:a", "result")).isEqualTo("hello");
		assertThat(this.java.attempts("a").get(0).maxRetry()).isEqualTo(2);
	}

	private String all(String verb, String state) {
		return this.asynq.run("task", verb, "--queue", "default", "--state", state, "--group", "g").strip();
	}

}
