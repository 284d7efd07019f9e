package io.taskqueue.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.taskqueue.faults.History.Event;
import io.taskqueue.faults.Journal.Kind;
import io.taskqueue.wire.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class KilledWorkerTest {

	private static final int TASKS = Scene.SOAK ? 20_000 : 3000;

	private static final Duration RECOVERY = Duration.ofSeconds(15);

	@RegisterExtension
	final Scene scene = new Scene();

	@Test
	void anotherWorkerRunsWhatAKilledOneHeld() {
		WorkerProcess victim = this.scene.process("victim", 10);
		WorkerProcess survivor = this.scene.process("survivor", 10);
		List<String> tasks = this.scene.enqueue(RecordingHandlers.WORK, "task", TASKS, 10);
		History history = this.scene.history();
		history.awaitCount(Kind.FINISHED, TASKS / 2);

		victim.kill();
		Instant death = Instant.now();
		Set<String> inFlight = this.scene.heldBy(victim.token());

		history.awaitAll(Kind.FINISHED, tasks);
		List<Event> again = history.events(Kind.STARTED)
			.stream()
			.filter((event) -> event.worker().equals(survivor.name()) && inFlight.contains(event.id()))
			.toList();
		assertThat(inFlight).isNotEmpty();
		assertThat(again).extracting(Event::id).containsExactlyInAnyOrderElementsOf(inFlight);
		assertThat(again).allMatch((event) -> event.at().isBefore(death.plus(RECOVERY)));
		assertThat(history.repeated()).isSubsetOf(inFlight);
		history.assertNoAttemptUsed();
		Leftovers.awaitNone(this.scene.redis(), TASKS);
	}

	@Test
	void aLaterWorkerRunsWhatKilledOnesHeld() {
		WorkerProcess first = this.scene.process("first", 10);
		WorkerProcess second = this.scene.process("second", 10);
		List<String> tasks = this.scene.enqueue(RecordingHandlers.WORK, "task", TASKS, 10);
		History history = this.scene.history();
		history.awaitCount(Kind.FINISHED, TASKS / 3);

		first.kill();
		second.kill();
		Set<String> inFlight = this.scene.heldBy(first.token());
		inFlight.addAll(this.scene.heldBy(second.token()));
		awaitNoServerRecords();
		this.scene.process("third", 20);

		history.awaitAll(Kind.FINISHED, tasks);
		assertThat(inFlight).isNotEmpty();
		assertThat(history.repeated()).isSubsetOf(inFlight);
		history.assertNoAttemptUsed();
		Leftovers.awaitNone(this.scene.redis(), TASKS);
	}

	private void awaitNoServerRecords() {
		try (Jedis jedis = this.scene.redis().jedis()) {
			await().atMost(Duration.ofSeconds(30)).until(() -> jedis.keys(Keys.server("*")).isEmpty());
		}
	}

}
