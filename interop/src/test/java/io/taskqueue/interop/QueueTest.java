package io.taskqueue.interop;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskRequest;
import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is enqueued waits and runs as if the other side had done it.
 */
class QueueTest extends BesideGo {

	private static final int TASKS = 20;

	@Test
	@Scenario(9)
	void scenario09_enqueueLeavesTheSameOnBothSides() {
		goClient().ask(Map.of("type", "t", "id", "a", "retry", 10));
		Set<String> keys = asynqKeys();
		Map<String, String> fields = asynqFields("a");
		byte[] record = record("default", "a");
		this.redis.flushAll();
		this.java.tasks().once("t").uuid("a").enqueue();
		assertThat(asynqKeys()).isEqualTo(keys);
		assertThat(record("default", "a")).isEqualTo(record);
		Map<String, String> ours = asynqFields("a");
		assertThat(ours.keySet()).isEqualTo(fields.keySet());
		assertThat(ours.get("state")).isEqualTo("pending");
		assertThat(ours.get("pending_since")).hasSameSizeAs(fields.get("pending_since"));
		assertThat(this.redis.smembers("asynq:queues")).containsExactly("default");
		assertThat(goSeesQueue().get("Pending").asInt()).isOne();
		assertThat(goSeesQueue().get("Latency").asLong()).isBetween(1L, Duration.ofSeconds(30).toNanos());
	}

	@Test
	@Scenario(10)
	void scenario10_goRunsOurTasksInTheirOrder() {
		List<String> ids = ids();
		List<String> single = ids.subList(0, TASKS / 2);
		single.forEach((id) -> javaTask(id, Behaviour.SUCCEED).enqueue());
		List<TaskRequest> bulk = ids.subList(TASKS / 2, TASKS)
			.stream()
			.map((id) -> javaTask(id, Behaviour.SUCCEED).toRequest())
			.toList();
		assertThat(this.java.tasks().enqueueAll(bulk)).extracting(EnqueueResult::error).containsOnlyNulls();
		List<String> reversed = new ArrayList<>(ids);
		Collections.reverse(reversed);
		assertThat(this.redis.lrange(P + "pending", 0, -1)).isEqualTo(reversed);
		assertThat(goLists("pending")).isEqualTo(ids);
		GoServer server = goServer(1);
		await().until(() -> server.started().size() == TASKS);
		assertThat(server.started()).isEqualTo(ids);
	}

	@Test
	@Scenario(10)
	void scenario10_javaRunsGosTasksInTheirOrder() {
		List<String> started = Collections.synchronizedList(new ArrayList<>());
		this.java.handle("ordered", (task) -> started.add(task.id()));
		ids().forEach((id) -> goEnqueue(id, Behaviour.SUCCEED, Map.of("type", "ordered")));
		this.java.work(JavaService.options().withConcurrency(1));
		await().until(() -> started.size() == TASKS);
		assertThat(started).isEqualTo(ids());
	}

	@Test
	@Scenario(16)
	void scenario16_goShowsOurScheduledTaskAtTheSecondAfterItsTime() {
		Instant at = Instant.now().plusSeconds(3600).plusMillis(900);
		javaTask("a", Behaviour.SUCCEED).at(at).enqueue();
		assertThat(goLists("scheduled")).containsExactly("a");
		JsonNode task = goSees("a");
		assertThat(task.get("State").asString()).isEqualTo("scheduled");
		long next = OffsetDateTime.parse(task.get("NextProcessAt").asString()).toEpochSecond();
		assertThat(next).isEqualTo(at.plusNanos(999_999_999).getEpochSecond());
		assertThat(this.redis.zscore(P + "scheduled", "a")).isEqualTo((double) next);
		go("run", "a");
		GoServer server = goServer(1);
		server.awaitStart("a");
		awaitGone("a");
	}

	@Test
	@Scenario(16)
	void scenario16_eitherSideForwardsTheOthersScheduledTask() {
		javaTask("a", Behaviour.SUCCEED).in(Duration.ofSeconds(1)).enqueue();
		GoServer server = goServer(1);
		server.awaitStart("a");
		server.close();
		goEnqueue("b", Behaviour.SUCCEED, Map.of("in", 1000));
		assertThat(goSees("b").get("State").asString()).isEqualTo("scheduled");
		this.java.work(JavaService.options());
		this.java.awaitStart("b");
	}

	/** A client that knows the queue registers it again after half a minute. */
	@Test
	@Scenario(23)
	@EnabledIfSystemProperty(named = "taskqueue.soak", matches = "true")
	void scenario23_queueThatGoDeletesComesBack() {
		javaTask("a", Behaviour.SUCCEED).enqueue();
		goInspector().ask(Map.of("op", "deleteQueue", "queue", "default", "force", true));
		assertThat(goInspector().ask(Map.of("op", "queues"))).isEmpty();
		AtomicInteger number = new AtomicInteger();
		await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(1)).until(() -> {
			javaTask("again" + number.incrementAndGet(), Behaviour.SUCCEED).enqueue();
			return goInspector().ask(Map.of("op", "queues")).size() == 1;
		});
		assertThat(goSeesQueue().get("Pending").asInt()).isEqualTo(number.get());
	}

	@Test
	@Scenario(23)
	void scenario23_anotherClientBringsADeletedQueueBack() {
		goEnqueue("a", Behaviour.SUCCEED, Map.of());
		goInspector().ask(Map.of("op", "deleteQueue", "queue", "default", "force", true));
		assertThat(this.redis.exists(P + "t:a")).isFalse();
		goEnqueue("b", Behaviour.SUCCEED, Map.of());
		assertThat(goInspector().ask(Map.of("op", "queues"))).as("asynq believes it is registered").isEmpty();
		javaTask("c", Behaviour.SUCCEED).enqueue();
		assertThat(goLists("pending")).containsExactly("b", "c");
	}

	private static List<String> ids() {
		return IntStream.range(0, TASKS).mapToObj((number) -> "id" + number).toList();
	}

	private Set<String> asynqKeys() {
		return this.redis.keys("asynq:*")
			.stream()
			.filter((key) -> !key.contains("}:tq:"))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private Map<String, String> asynqFields(String id) {
		Map<String, String> fields = this.redis.hgetAll(P + "t:" + id);
		fields.keySet().removeIf((field) -> field.startsWith("tq:"));
		return fields;
	}

}
