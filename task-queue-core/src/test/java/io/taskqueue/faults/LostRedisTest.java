package io.taskqueue.faults;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.TaskRequest;
import io.taskqueue.faults.Journal.Kind;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Redis goes away under load and comes back with all its data.
 */
class LostRedisTest {

	private static final int TASKS = Scene.SOAK ? 20_000 : 4000;

	private static final int ROUNDS = Scene.SOAK ? 20 : 2;

	private static final Duration SHORT = Duration.ofMillis(2500);

	/** Longer than the life of a server record. */
	private static final Duration LONG = Duration.ofSeconds(12);

	@RegisterExtension
	final Scene scene = new Scene();

	@ParameterizedTest
	@EnumSource
	void againAndAgainLosesAndRepeatsNothing(Outage outage) {
		this.scene.local("one", 10);
		this.scene.local("two", 10);
		List<String> tasks = this.scene.enqueue(RecordingHandlers.WORK, "task", TASKS, 5);
		History history = this.scene.history();

		for (int round = 1; round <= ROUNDS; round++) {
			history.awaitCount(Kind.FINISHED, round * TASKS / (ROUNDS + 1));
			outage.begin(this.scene.redis());
			// In every second round longer than an answer is waited for
			Scene.pass(SHORT.multipliedBy(round % 2));
			outage.end(this.scene.redis());
		}

		history.awaitAll(Kind.FINISHED, tasks);
		Leftovers.awaitNone(this.scene.redis(), TASKS);
		history.assertOnce(tasks);
		history.assertNoAttemptUsed();
	}

	@ParameterizedTest
	@EnumSource(names = { "KILLED", "FROZEN" })
	void tasksThatAreEnqueuedMeanwhileRun(Outage outage) throws Exception {
		this.scene.local("one", 10);
		this.scene.local("two", 10);
		History history = this.scene.history();
		List<String> tasks = IntStream.range(0, TASKS / 2).mapToObj((i) -> "task" + i).toList();
		Set<String> doubtful = new HashSet<>();
		CompletableFuture<Void> enqueued = CompletableFuture
			.runAsync(() -> tasks.forEach((id) -> enqueueForSure(id, doubtful)));

		history.awaitCount(Kind.FINISHED, TASKS / 10);
		outage.begin(this.scene.redis());
		Scene.pass(SHORT);
		outage.end(this.scene.redis());

		enqueued.get(1, TimeUnit.MINUTES);
		history.awaitAll(Kind.FINISHED, tasks);
		Leftovers.awaitSettled(this.scene.redis());
		// One may have run before its caller learned that it was stored
		assertThat(history.repeated()).isSubsetOf(doubtful);
		history.assertNoAttemptUsed();
	}

	private void enqueueForSure(String id, Set<String> doubtful) {
		TaskRequest request = TaskRequest.of(RecordingHandlers.WORK, 1)
			.with((options) -> options.withId(id).withOnConflict(OnConflict.KEEP));
		boolean stored = false;
		while (!stored) {
			try {
				this.scene.template().enqueue(request);
				stored = true;
			}
			catch (TaskQueueUnavailableException | TaskQueueRefusedException ex) {
				doubtful.add(id);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "KILLED", "FROZEN" })
	void awayForLongTakesNoTaskFromItsOwner(Outage outage) {
		assumeThat(outage == Outage.FROZEN || Scene.SOAK).isTrue();
		WorkerProcess one = this.scene.process("one", 10);
		WorkerProcess two = this.scene.process("two", 10);
		List<String> held = this.scene.enqueue(RecordingHandlers.HOLD, "held", 10, null);
		List<String> tasks = this.scene.enqueue(RecordingHandlers.WORK, "task", TASKS, 5);
		History history = this.scene.history();
		history.awaitAll(Kind.STARTED, held);
		history.awaitCount(Kind.FINISHED, TASKS / 3);

		outage.begin(this.scene.redis());
		Scene.pass(LONG);
		outage.end(this.scene.redis());
		history.awaitAll(Kind.FINISHED, tasks);
		// Time for looks at owners that have not written their records again
		Scene.pass(LONG.dividedBy(2));
		one.release();
		two.release();

		history.awaitAll(Kind.FINISHED, held);
		Leftovers.awaitNone(this.scene.redis(), held.size() + TASKS);
		assertThat(history.repeated()).isEmpty();
		assertThat(history.events(Kind.INTERRUPTED)).isEmpty();
		history.assertNoAttemptUsed();
		this.scene.assertNothingRecovered();
	}

}
