package io.taskqueue.interop;

import java.time.Duration;
import java.util.Map;

import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A worker of ours is killed where only servers of asynq are left: its record expires,
 * its tasks come back by asynq's rule.
 */
@EnabledIfSystemProperty(named = "taskqueue.soak", matches = "true")
@Timeout(300)
class KilledJavaWorkerTest extends BesideGo {

	@Test
	@Scenario({ 46, 55 })
	void scenario46_55_goRecoversTheTaskOfAKilledJavaWorker() {
		javaTask("a", Behaviour.hold(600_000)).retry(1).enqueue();
		JavaWorker worker = closeLater(new JavaWorker(address(), Map.of("default", 1), 2));
		await().atMost(Duration.ofSeconds(30)).until(() -> servers().size() == 1 && isRunning("a"));
		assertThat(servers().get(0).get("PID").asLong()).isEqualTo(worker.pid());
		worker.kill();
		await().atMost(Duration.ofSeconds(12)).until(() -> servers().isEmpty());
		goServer(Map.of("concurrency", 1, "retryDelay", 3_600_000));
		await().atMost(Duration.ofSeconds(200))
			.pollInterval(Duration.ofSeconds(1))
			.until(() -> "retry".equals(this.redis.hget(P + "t:a", "state")));
		assertThat(message("a").retried()).isOne();
		assertThat(message("a").errorMsg()).isEqualTo("asynq: task lease expired");
		assertThat(new StoredQueue(this.redis).faults()).isEmpty();
		// What the dead worker left in the task's hash does no harm
		this.java.work(JavaService.options());
		go("run", "a");
		await().until(() -> !goLists("active").isEmpty());
		assertThat(new StoredQueue(this.redis).faults()).isEmpty();
	}

	private boolean isRunning(String id) {
		return this.redis.exists(P + "lease") && id.equals(this.redis.lindex(P + "active", 0));
	}

	private JsonNode servers() {
		return goInspector().ask(Map.of("op", "servers"));
	}

}
