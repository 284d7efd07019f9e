package io.taskqueue.interop;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.taskqueue.TaskInfo;
import io.taskqueue.TaskState;
import io.taskqueue.inspect.Count;
import io.taskqueue.inspect.DailyStatistics;
import io.taskqueue.inspect.GroupInfo;
import io.taskqueue.inspect.Listing;
import io.taskqueue.inspect.Paging;
import io.taskqueue.inspect.QueueInfo;
import io.taskqueue.inspect.RunningTask;
import io.taskqueue.inspect.SchedulerEntryDetails;
import io.taskqueue.inspect.ServerDetails;
import io.taskqueue.inspect.TaskDetails;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.runtime.TaskQueue;
import io.taskqueue.runtime.TaskQueueOptions;
import io.taskqueue.testing.Scenario;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.SchedulerEntry;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * Our inspector and asynq's say the same of tasks in every state, of both sides.
 */
class InspectorParityTest extends BesideGo {

	private TaskInspector inspector;

	@BeforeEach
	void fillEveryState() {
		JedisConnectionFactory factory = new JedisConnectionFactory(
				new RedisStandaloneConfiguration(redisServer().host(), redisServer().port()));
		factory.afterPropertiesSet();
		closeLater(factory::destroy);
		TaskQueue queue = closeLater(TaskQueue.connect(factory, TaskQueueOptions.standard("inspector")));
		this.inspector = queue.inspector();
		this.java.work(JavaService.patient().withShutdownTimeout(Duration.ofMillis(50)));
		for (String side : List.of("java", "go")) {
			enqueue(side, "completed", Behaviour.result("done"));
			enqueue(side, "retry", Behaviour.fail(1));
			enqueue(side, "archived", Behaviour.skipRetry());
			enqueue(side, "active", Behaviour.hold(60_000));
		}
		for (String state : List.of("completed", "retry", "archived", "active")) {
			awaitState("java-" + state, state);
			awaitState("go-" + state, state);
		}
		goInspector().ask(Map.of("op", "pause", "queue", "default"));
		for (int i = 0; i < 40; i++) {
			javaTask("java-pending" + i, Behaviour.SUCCEED).header("number", "" + i).enqueue();
			goEnqueue("go-pending" + i, Behaviour.SUCCEED, Map.of());
			javaTask("java-scheduled" + i, Behaviour.SUCCEED).in(Duration.ofMillis(600_123 + i % 7)).enqueue();
			goEnqueue("go-scheduled" + i, Behaviour.SUCCEED, Map.of("in", 600_000 + 1000 * (i % 3)));
			goEnqueue("go-grouped" + i, Behaviour.SUCCEED, Map.of("group", (i < 30) ? "g" : "h"));
		}
	}

	private void enqueue(String side, String state, Behaviour behaviour) {
		if (side.equals("java")) {
			javaTask("java-" + state, behaviour).retry(3).retention(Duration.ofHours(1)).enqueue();
		}
		else {
			goEnqueue("go-" + state, behaviour, Map.of("retry", 3, "retention", 3_600_000));
		}
	}

	@Test
	@Scenario(61)
	void scenario61_figures() {
		JsonNode go = goSeesQueue();
		QueueInfo ours = this.inspector.queue("default");
		Map<String, Object> expected = new TreeMap<>();
		for (String figure : List.of("Size", "Groups", "Pending", "Active", "Scheduled", "Retry", "Archived",
				"Completed", "Aggregating", "Processed", "Failed", "ProcessedTotal", "FailedTotal")) {
			expected.put(figure, go.get(figure).asLong());
		}
		assertThat(new TreeMap<>(Map.ofEntries(Map.entry("Size", exact(ours.size())),
				Map.entry("Groups", ours.groups()), Map.entry("Pending", ours.pending()),
				Map.entry("Active", ours.active()), Map.entry("Scheduled", ours.scheduled()),
				Map.entry("Retry", ours.retry()), Map.entry("Archived", ours.archived()),
				Map.entry("Completed", ours.completed()), Map.entry("Aggregating", exact(ours.aggregating())),
				Map.entry("Processed", ours.processedToday()), Map.entry("Failed", ours.failedToday()),
				Map.entry("ProcessedTotal", ours.processed()), Map.entry("FailedTotal", ours.failed()))))
			.isEqualTo(expected);
		assertThat(ours.size()).isEqualTo(new Count(208, true));
		assertThat(ours.failed()).isEqualTo(4);
		assertThat(ours.paused()).isEqualTo(go.get("Paused").asBoolean()).isTrue();
		assertThat(ours.pausedSince()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
		assertThat(ours.latency()).isPositive()
			.isCloseTo(Duration.ofNanos(go.get("Latency").asLong()), Duration.ofSeconds(30));
		assertThat(ours.problems()).isEmpty();
		// Ours counts the keys of the groups as well, asynq only the tasks in them
		assertThat(this.inspector.memoryUsage("default")).isGreaterThan(go.get("MemoryUsage").asLong())
			.isCloseTo(go.get("MemoryUsage").asLong(), Percentage.withPercentage(5));
		assertThat(this.inspector.queueNames()).isEqualTo(texts(goInspector().ask(Map.of("op", "queues"))));
	}

	@Test
	@Scenario(59)
	void scenario59_everyTaskOnEveryPage() {
		int tasks = 0;
		for (TaskState state : TaskState.values()) {
			for (String group : (state == TaskState.AGGREGATING) ? List.of("g", "h") : List.of("")) {
				JsonNode go = goInspector()
					.ask(Map.of("op", "list", "queue", "default", "state", state.wireName(), "group", group));
				List<Map<String, Object>> expected = go.valueStream().map(InspectorParityTest::ofGo).toList();
				List<TaskDetails> ours = read(state, group);
				assertThat(ours.stream().map(InspectorParityTest::ofOurs)).as(state.wireName()).isEqualTo(expected);
				assertThat(ours).extracting(TaskDetails::problem).containsOnlyNulls();
				tasks += ours.size();
			}
		}
		assertThat(tasks).isEqualTo(208);
	}

	@Test
	@Scenario(59)
	void scenario59_singleTasks() {
		for (TaskState state : TaskState.values()) {
			for (TaskDetails task : read(state, "g")) {
				TaskDetails found = this.inspector.find("default", task.id()).orElseThrow();
				assertThat(ofOurs(found)).isEqualTo(ofGo(goSees(task.id())));
			}
		}
	}

	@Test
	@Scenario(61)
	void scenario61_historyAndGroups() {
		JsonNode history = goInspector().ask(Map.of("op", "history", "queue", "default"));
		assertThat(this.inspector.history("default", 2)).isEqualTo(history.valueStream()
			.map((day) -> new DailyStatistics(LocalDate.parse(day.get("Date").asString().substring(0, 10)),
					day.get("Processed").asLong(), day.get("Failed").asLong()))
			.toList());
		JsonNode groups = goInspector().ask(Map.of("op", "groups", "queue", "default"));
		assertThat(this.inspector.groups("default", Paging.first()).items())
			.containsExactlyInAnyOrderElementsOf(groups.valueStream()
				.map((group) -> new GroupInfo(group.get("Group").asString(), group.get("Size").asLong()))
				.toList())
			.hasSize(2);
	}

	@Test
	@Scenario(55)
	void scenario55_servers() {
		await().until(() -> this.inspector.servers().stream().mapToInt((server) -> server.running().size()).sum() == 2);
		goServer(3);
		await().until(() -> this.inspector.servers().size() == 2);
		List<Map<String, Object>> expected = goInspector().ask(Map.of("op", "servers"))
			.valueStream()
			.map(InspectorParityTest::serverOfGo)
			.sorted(Comparator.comparing((server) -> server.get("ID").toString()))
			.toList();
		assertThat(this.inspector.servers()
			.stream()
			.sorted(Comparator.comparing(ServerDetails::id))
			.map(InspectorParityTest::serverOfOurs)).isEqualTo(expected).hasSize(2);
	}

	@Test
	@Scenario(56)
	void scenario56_schedulerEntries() {
		Instant next = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(60);
		this.redis.zadd(Keys.SCHEDULERS, (double) next.getEpochSecond(), Keys.scheduler("h:1:x"));
		for (String id : List.of("a", "b")) {
			Instant previous = id.equals("a") ? null : next.minusSeconds(120);
			this.redis.lpush(utf8(Keys.scheduler("h:1:x")),
					new SchedulerEntry(id, "@hourly", "t", utf8("p"), List.of("MaxRetry(3)"), next, previous).encode());
		}
		List<JsonNode> go = goInspector().ask(Map.of("op", "schedules"))
			.valueStream()
			.sorted(Comparator.comparing((entry) -> entry.get("ID").asString()))
			.toList();
		List<SchedulerEntryDetails> ours = this.inspector.schedulerEntries();
		assertThat(ours).hasSameSizeAs(go).hasSize(2);
		for (int i = 0; i < 2; i++) {
			assertThat(ours.get(i).id()).isEqualTo(go.get(i).get("ID").asString());
			assertThat(ours.get(i).spec()).isEqualTo(go.get(i).get("Spec").asString());
			assertThat(ours.get(i).next()).isEqualTo(time(go.get(i), "Next"));
			assertThat(ours.get(i).previous()).isEqualTo(time(go.get(i), "Prev"));
		}
	}

	private List<TaskDetails> read(TaskState state, String group) {
		List<TaskDetails> read = new ArrayList<>();
		for (Paging paging = Paging.first(7); paging != null;) {
			Listing<TaskDetails> page = (state == TaskState.AGGREGATING)
					? this.inspector.groupTasks("default", group, paging)
					: this.inspector.tasks("default", state, paging);
			read.addAll(page.items());
			paging = page.next();
		}
		return read;
	}

	private static Map<String, Object> ofGo(JsonNode go) {
		Map<String, Object> task = new LinkedHashMap<>();
		for (String text : List.of("ID", "Queue", "Type", "State", "LastErr", "Group")) {
			task.put(text, go.get(text).asString());
		}
		for (String number : List.of("MaxRetry", "Retried", "Timeout", "Retention")) {
			task.put(number, go.get(number).asLong());
		}
		for (String bytes : List.of("Payload", "Result")) {
			task.put(bytes, go.get(bytes).isNull() ? "" : go.get(bytes).asString());
		}
		for (String time : List.of("LastFailedAt", "Deadline", "CompletedAt")) {
			task.put(time, "" + time(go, time));
		}
		Map<String, String> headers = new TreeMap<>();
		go.get("Headers").properties().forEach((header) -> headers.put(header.getKey(), header.getValue().asString()));
		task.put("Headers", headers);
		task.put("IsOrphaned", go.get("IsOrphaned").asBoolean());
		task.put("NextProcessAt", next(go.get("State").asString(), time(go, "NextProcessAt")));
		return task;
	}

	private static Map<String, Object> ofOurs(TaskDetails details) {
		TaskInfo info = details.task();
		Map<String, Object> task = new LinkedHashMap<>();
		task.put("ID", details.id());
		task.put("Queue", details.queue());
		task.put("Type", info.type());
		task.put("State", info.state().wireName());
		task.put("LastErr", orEmpty(info.lastError()));
		task.put("Group", orEmpty(info.group()));
		task.put("MaxRetry", (long) info.maxRetry());
		task.put("Retried", (long) info.retried());
		task.put("Timeout", info.timeout().toNanos());
		task.put("Retention", info.retention().toNanos());
		task.put("Payload", base64(info.payload()));
		task.put("Result", base64(info.result()));
		task.put("LastFailedAt", "" + info.lastFailedAt());
		task.put("Deadline", "" + info.deadline());
		task.put("CompletedAt", "" + info.completedAt());
		task.put("Headers", new TreeMap<>(info.headers()));
		task.put("IsOrphaned", details.orphaned());
		task.put("NextProcessAt", next(info.state().wireName(), info.nextProcessAt()));
		return task;
	}

	/** Of a pending task both say now; of ours asynq knows the second after. */
	private static String next(String state, @Nullable Instant time) {
		if (time == null) {
			return "none";
		}
		return state.equals("pending") ? "now" : time.plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS).toString();
	}

	private static Map<String, Object> serverOfGo(JsonNode go) {
		Map<String, Object> server = new LinkedHashMap<>();
		server.put("ID", go.get("ID").asString());
		server.put("Host", go.get("Host").asString());
		server.put("PID", go.get("PID").asInt());
		server.put("Concurrency", go.get("Concurrency").asInt());
		Map<String, Integer> queues = new TreeMap<>();
		go.get("Queues").properties().forEach((queue) -> queues.put(queue.getKey(), queue.getValue().asInt()));
		server.put("Queues", queues);
		server.put("StrictPriority", go.get("StrictPriority").asBoolean());
		server.put("Started", time(go, "Started"));
		server.put("Status", go.get("Status").asString());
		server.put("ActiveWorkers",
				go.get("ActiveWorkers")
					.valueStream()
					.map((worker) -> List.of(worker.get("TaskID").asString(), worker.get("TaskType").asString(),
							worker.get("TaskPayload").asString(), worker.get("Queue").asString(),
							"" + time(worker, "Started"), "" + time(worker, "Deadline")))
					.sorted(Comparator.comparing((worker) -> worker.get(0)))
					.toList());
		return server;
	}

	private static Map<String, Object> serverOfOurs(ServerDetails ours) {
		Map<String, Object> server = new LinkedHashMap<>();
		server.put("ID", ours.id());
		server.put("Host", ours.host());
		server.put("PID", ours.pid());
		server.put("Concurrency", ours.concurrency());
		server.put("Queues", new TreeMap<>(ours.queues()));
		server.put("StrictPriority", ours.strictPriority());
		server.put("Started", ours.startedAt());
		server.put("Status", ours.status());
		server.put("ActiveWorkers",
				ours.running()
					.stream()
					.sorted(Comparator.comparing(RunningTask::id))
					.map((task) -> List.of(task.id(), task.type(), base64(task.payload()), task.queue(),
							"" + task.startedAt(), "" + task.deadline()))
					.toList());
		return server;
	}

	/** Returns a time, or {@code null} for Go's zero. */
	private static @Nullable Instant time(JsonNode node, String name) {
		Instant time = OffsetDateTime.parse(node.get(name).asString()).toInstant();
		return (time.getEpochSecond() <= 0) ? null : time;
	}

	private static long exact(Count count) {
		assertThat(count.exact()).isTrue();
		return count.value();
	}

	private static String orEmpty(@Nullable String text) {
		return (text != null) ? text : "";
	}

	private static String base64(byte @Nullable [] bytes) {
		return (bytes != null) ? Base64.getEncoder().encodeToString(bytes) : "";
	}

	private static List<String> texts(JsonNode array) {
		return array.valueStream().map(JsonNode::asString).toList();
	}

}
