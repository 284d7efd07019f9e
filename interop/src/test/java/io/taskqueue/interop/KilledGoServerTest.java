package io.taskqueue.interop;

import java.time.Duration;
import java.util.Map;

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

	private static final String EXPIRED = "asynq: task lease expired";

	@Test
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

	private static ConditionFactory patience() {
		return await().atMost(Duration.ofSeconds(200)).pollInterval(Duration.ofSeconds(1));
	}

}
