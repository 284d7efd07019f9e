package io.taskqueue.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskRequest;
import io.taskqueue.testing.Scenario;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tasks of a server of asynq that was killed come back by asynq's rule, after more than a
 * minute; those of one that is alive are left alone.
 */
@EnabledIfSystemProperty(named = "taskqueue.soak", matches = "true")
@Timeout(300)
class KilledGoServerTest extends BesideGo {

	private static final int TASKS = 10_000;

	private static final String EXPIRED = "asynq: task lease expired";

	@Test
	@Scenario(46)
	void scenario46_javaRecoversTheTasksOfAKilledGoServer() {
		goEnqueue("a", Behaviour.hold(600_000), Map.of());
		goEnqueue("last", Behaviour.hold(600_000), Map.of("retry", 0));
		GoServer server = goServer(2);
		server.awaitStart("a");
		server.awaitStart("last");
		this.java.work(JavaService.patient());
		server.kill();
		double lease = this.redis.zscore(P + "lease", "a");
		patience().until(() -> "retry".equals(this.redis.hget(P + "t:a", "state")));
		assertThat(System.currentTimeMillis() / 1000.0).isGreaterThanOrEqualTo(lease + 30);
		patience().until(() -> "archived".equals(this.redis.hget(P + "t:last", "state")));
		assertThat(goSees("a").get("Retried").asInt()).isOne();
		assertThat(goSees("a").get("LastErr").asString()).isEqualTo(EXPIRED);
		assertThat(goSees("last").get("LastErr").asString()).isEqualTo(EXPIRED);
		assertThat(goSeesQueue().get("FailedTotal").asInt()).isEqualTo(2);
		assertThat(goSeesQueue().get("ProcessedTotal").asInt()).isEqualTo(2);
		assertThat(this.java.attempts()).isZero();
		assertThat(new StoredQueue(this.redis).faults()).isEmpty();
	}

	@Test
	@Scenario(47)
	void scenario47_liveTaskStaysAndADeadOneIsRecoveredOnce() {
		GoServer dead = goServer(1);
		goEnqueue("dead", Behaviour.hold(600_000), Map.of());
		dead.awaitStart("dead");
		GoServer alive = goServer(Map.of("concurrency", 1, "retryDelay", 3_600_000));
		goEnqueue("alive", Behaviour.hold(100_000), Map.of());
		alive.awaitStart("alive");
		this.java.work(JavaService.patient());
		dead.kill();
		patience().until(() -> "retry".equals(this.redis.hget(P + "t:dead", "state")));
		patience().until(() -> !this.redis.exists(P + "t:alive"));
		assertThat(message("dead").retried()).isOne();
		assertThat(message("dead").errorMsg()).isEqualTo(EXPIRED);
		assertThat(this.java.attempts("alive")).isEmpty();
		assertThat(alive.attempts("alive")).hasSize(1);
		StoredQueue queue = new StoredQueue(this.redis);
		assertThat(queue.counter("failed")).isOne();
		assertThat(queue.counter("processed")).isEqualTo(2);
		assertThat(queue.faults()).isEmpty();
	}

	@Test
	@Scenario(65)
	void scenario65_everyTaskEndsAlthoughServersAreKilledAndStopped() {
		Random random = new Random(65);
		List<TaskRequest> requests = new ArrayList<>();
		Set<String> hopeless = new HashSet<>();
		for (int number = 0; number < TASKS; number++) {
			String id = "id" + number;
			int fail = Math.max(0, random.nextInt(6) - 2);
			int retry = random.nextInt(4);
			if (fail > retry) {
				hopeless.add(id);
			}
			requests.add(javaTask(id, new Behaviour(fail, false, random.nextInt(10), "")).retry(retry).toRequest());
		}
		assertThat(this.java.tasks().enqueueAll(requests)).extracting(EnqueueResult::error).containsOnlyNulls();
		StoredQueue queue = new StoredQueue(this.redis);
		goServer(4);
		for (int round = 1; round <= 4; round++) {
			int soFar = round * TASKS / 5;
			GoServer killed = goServer(4);
			this.java.work(JavaService.options().withConcurrency(4).withShutdownTimeout(Duration.ZERO));
			await().atMost(Duration.ofSeconds(60)).until(() -> queue.counter("processed") >= soFar);
			killed.kill();
			this.java.stop();
			assertThat(queue.faults()).isEmpty();
		}
		this.java.work(JavaService.options());
		patience().until(
				() -> this.redis.zcard(P + "archived") + queue.counter("processed") - queue.counter("failed") == TASKS);
		assertThat(queue.faults()).isEmpty();
		assertThat(this.redis.exists(P + "pending", P + "active", P + "lease", P + "retry", P + "scheduled")).isZero();
		List<String> archived = this.redis.zrange(P + "archived", 0, -1);
		assertThat(archived).containsAll(hopeless)
			.filteredOn((id) -> !hopeless.contains(id))
			// Killed while they ran, which uses an attempt
			.hasSizeLessThanOrEqualTo(4 * 4);
	}

	private static ConditionFactory patience() {
		return await().atMost(Duration.ofSeconds(200)).pollInterval(Duration.ofSeconds(1));
	}

}
