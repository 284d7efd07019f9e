package io.taskqueue.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import io.taskqueue.faults.Journal.Kind;
import io.taskqueue.wire.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class StopTest {

	/** What may come on top of the time that running tasks are given. */
	private static final Duration OVERHEAD = Duration.ofSeconds(15);

	@RegisterExtension
	final Scene scene = new Scene();

	@Test
	void terminatedUnderLoadHandsBackInOrder() {
		WorkerProcess first = this.scene.process("first", 10);
		List<String> held = this.scene.enqueue(RecordingHandlers.HOLD, "held", 3, null);
		List<String> tasks = this.scene.enqueue(RecordingHandlers.WORK, "task", 2000, 20);
		History history = this.scene.history();
		history.awaitAll(Kind.STARTED, held);
		history.awaitCount(Kind.FINISHED, 300);

		first.terminate();
		first.terminate();
		first.awaitEnd();

		List<String> back = new ArrayList<>(tasks);
		back.removeAll(history.ids(Kind.FINISHED));
		List<String> pending = pending();
		assertThat(pending.subList(0, held.size())).containsExactlyElementsOf(held);
		assertThat(pending.subList(held.size(), pending.size())).containsExactlyElementsOf(back);
		assertThat(this.scene.heldBy(first.token())).isEmpty();
		assertThat(history.ids(Kind.INTERRUPTED)).containsExactlyInAnyOrderElementsOf(held);

		this.scene.process("second", 50).release();
		history.awaitAll(Kind.FINISHED, pending);
		Leftovers.awaitNone(this.scene.redis(), held.size() + tasks.size());
		assertThat(history.repeated()).containsExactlyInAnyOrderElementsOf(held);
		history.assertNoAttemptUsed();
	}

	@ParameterizedTest
	@EnumSource(names = { "KILLED", "FROZEN" })
	void stopWithoutRedisEndsInTime(Outage outage) {
		LocalWorker first = this.scene.local("first", 3);
		awaitUptime();
		List<String> held = this.scene.enqueue(RecordingHandlers.HOLD, "held", 3, null);
		History history = this.scene.history();
		history.awaitAll(Kind.STARTED, held);

		outage.begin(this.scene.redis());
		Instant stop = Instant.now();
		first.node().stop();
		assertThat(Duration.between(stop, Instant.now())).isLessThan(WorkerMain.SHUTDOWN.plus(OVERHEAD));
		outage.end(this.scene.redis());

		assertThat(history.ids(Kind.INTERRUPTED)).isEqualTo(Set.copyOf(held));
		if (outage == Outage.KILLED && !Scene.SOAK) {
			// After a start of Redis, owners get 30 s to show themselves
			return;
		}
		this.scene.local("second", 3).release();
		history.awaitAll(Kind.FINISHED, held);
		Leftovers.awaitNone(this.scene.redis(), held.size());
		assertThat(history.events(Kind.STARTED)).hasSize(2 * held.size());
		history.assertNoAttemptUsed();
	}

	/** Of a Redis that has just started, nobody knows who was there before. */
	private void awaitUptime() {
		try (Jedis jedis = this.scene.redis().jedis()) {
			await().atMost(Duration.ofSeconds(10))
				.until(() -> !jedis.info("server").matches("(?s).*uptime_in_seconds:[012]\r.*"));
		}
	}

	/** Returns what is pending, the next one first. */
	private List<String> pending() {
		try (Jedis jedis = this.scene.redis().jedis()) {
			List<String> pending = new ArrayList<>(jedis.lrange(Keys.queue(Scene.QUEUE) + "pending", 0, -1));
			Collections.reverse(pending);
			return pending;
		}
	}

}
