package io.taskqueue.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.taskqueue.faults.Journal.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FrozenWorkerTest {

	/** asynq's recoverer waits for so long after a lease has expired. */
	private static final Duration SLACK = Duration.ofSeconds(30);

	@RegisterExtension
	final Scene scene = new Scene();

	private GoServer go;

	@BeforeEach
	void startGo() {
		this.go = new GoServer(this.scene.redis());
	}

	@AfterEach
	void stopGo() {
		this.go.close();
	}

	@Test
	void settlesNothingThatAnotherWorkerHasCompleted() {
		WorkerProcess frozen = this.scene.process("frozen", 2);
		List<String> tasks = this.scene.enqueue(RecordingHandlers.HOLD, "task", 2, null);
		History history = this.scene.history();
		history.awaitAll(Kind.STARTED, tasks);

		frozen.freeze();
		WorkerProcess other = this.scene.process("other", 2);
		other.release();
		history.awaitAll(Kind.FINISHED, tasks);
		Leftovers.awaitNone(this.scene.redis(), tasks.size());
		frozen.thaw();

		history.awaitAll(Kind.INTERRUPTED, tasks);
		assertThat(history.ids(Kind.INTERRUPTED, "frozen")).containsExactlyInAnyOrderElementsOf(tasks);
		assertThat(history.events(Kind.FINISHED)).hasSameSizeAs(tasks).allMatch((e) -> e.worker().equals("other"));
		history.assertNoAttemptUsed();
		Leftovers.awaitNone(this.scene.redis(), tasks.size());
	}

	/**
	 * The handler is not interrupted in time here: it ends by itself as soon as it can.
	 */
	@Test
	void settlesNothingThatEndsAtOnce() {
		WorkerProcess frozen = this.scene.process("frozen", 2);
		List<String> tasks = this.scene.enqueue(RecordingHandlers.HOLD, "task", 2, null);
		History history = this.scene.history();
		history.awaitAll(Kind.STARTED, tasks);

		frozen.freeze();
		frozen.release();
		this.scene.process("other", 2).release();
		history.awaitAll(Kind.FINISHED, tasks);
		frozen.thaw();

		await().atMost(Duration.ofSeconds(30))
			.until(() -> history.ids(Kind.FINISHED, "frozen").size() + history.ids(Kind.INTERRUPTED, "frozen").size(),
					(ended) -> ended == tasks.size());
		awaitLostLeases(frozen, tasks.size());
		Leftovers.awaitNone(this.scene.redis(), tasks.size());
	}

	@Test
	void beginsNothingThatAnotherWorkerHasCompleted() {
		WorkerProcess frozen = this.scene.process("frozen", 10);
		List<String> tasks = this.scene.enqueue(RecordingHandlers.WORK, "task", 4000, 1);
		History history = this.scene.history();
		history.awaitCount(Kind.FINISHED, 300);

		Set<String> held = freezeWithFetched(frozen);
		Set<String> begun = history.ids(Kind.STARTED, "frozen");
		this.scene.process("other", 10);
		history.awaitAll(Kind.FINISHED, tasks);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.scene.heldBy(frozen.token()).isEmpty());
		frozen.thaw();
		awaitLostLeases(frozen, held.size());

		assertThat(history.ids(Kind.STARTED, "frozen")).isEqualTo(begun);
		Leftovers.awaitNone(this.scene.redis(), tasks.size());
	}

	@Test
	void settlesNothingThatGoHasCompleted() {
		String task = this.scene.enqueue(RecordingHandlers.HOLD, "task", 1, null).get(0);
		WorkerProcess frozen = frozenWith(task);

		takeByGo(task);
		this.go.done(task);
		frozen.thaw();

		this.scene.history().awaitBy("frozen", Kind.INTERRUPTED, task);
		awaitLostLeases(frozen, 1);
		// asynq counts the expired lease as a failed attempt
		Leftovers.awaitNone(this.scene.redis(), 2, 1);
	}

	@Test
	void leavesAloneWhatGoIsRunning() {
		String task = this.scene.enqueue(RecordingHandlers.HOLD, "task", 1, null).get(0);
		WorkerProcess frozen = frozenWith(task);

		takeByGo(task);
		Instant lease = this.go.lease(task);
		frozen.thaw();
		this.scene.history().awaitBy("frozen", Kind.INTERRUPTED, task);
		awaitLostLeases(frozen, 1);

		assertThat(this.go.lease(task)).isEqualTo(lease);
		this.go.done(task);
		Leftovers.awaitNone(this.scene.redis(), 2, 1);
	}

	/** Starts a worker that runs a task and is frozen then. */
	private WorkerProcess frozenWith(String task) {
		WorkerProcess frozen = this.scene.process("frozen", 2);
		this.scene.history().awaitBy("frozen", Kind.STARTED, task);
		frozen.freeze();
		return frozen;
	}

	/**
	 * Lets an asynq server take the task away, a minute early unless there is time. Our
	 * own fields stay in the hash.
	 */
	private void takeByGo(String task) {
		Instant lease = this.go.lease(task);
		Instant recovery = Scene.SOAK ? lease.plus(SLACK) : Instant.now();
		await().atMost(Duration.ofMinutes(2)).until(() -> !Instant.now().isBefore(recovery));
		this.go.recover(task);
		// The lease that Go gives differs from ours, as it does a minute later
		await().until(() -> Instant.now().plusSeconds(29).isAfter(lease));
		this.go.forward(task);
		assertThat(this.go.dequeue()).isEqualTo(task);
	}

	/**
	 * Freezes a worker while it has tasks that it has not begun, and returns what it has.
	 */
	private Set<String> freezeWithFetched(WorkerProcess worker) {
		worker.freeze();
		Set<String> held = this.scene.heldBy(worker.token());
		while (this.scene.history().ids(Kind.STARTED).containsAll(held)) {
			worker.thaw();
			worker.freeze();
			held = this.scene.heldBy(worker.token());
		}
		return held;
	}

	private static void awaitLostLeases(WorkerProcess worker, int count) {
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(worker.log()
				.lines()
				.filter((line) -> line.contains(": another worker has") || line.contains("Lost the lease of")))
				.hasSizeGreaterThanOrEqualTo(count));
	}

}
