package io.taskqueue.faults;

import java.time.Duration;
import java.util.List;

import io.taskqueue.faults.Journal.Kind;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Redis goes away under load and comes back with all its data.
 */
class LostRedisTest {

	private static final int TASKS = Scene.SOAK ? 20_000 : 4000;

	private static final int KILLS = Scene.SOAK ? 20 : 3;

	/** Longer than the life of a server record. */
	private static final Duration LONG = Duration.ofSeconds(13);

	@RegisterExtension
	final Scene scene = new Scene();

	private enum Outage {

		KILLED {
			@Override
			void begin(TestRedis redis) {
				redis.kill();
			}

			@Override
			void end(TestRedis redis) {
				redis.restart();
			}
		},

		FROZEN {
			@Override
			void begin(TestRedis redis) {
				redis.freeze();
			}

			@Override
			void end(TestRedis redis) {
				redis.thaw();
			}
		};

		abstract void begin(TestRedis redis);

		abstract void end(TestRedis redis);

	}

	@Test
	void killedAgainAndAgainLosesAndRepeatsNothing() {
		this.scene.process("one", 10);
		this.scene.process("two", 10);
		List<String> tasks = this.scene.enqueue(RecordingHandlers.WORK, "task", TASKS, 5);
		History history = this.scene.history();

		for (int kill = 1; kill <= KILLS; kill++) {
			history.awaitCount(Kind.FINISHED, kill * TASKS / (KILLS + 1));
			this.scene.redis().kill();
			this.scene.redis().restart();
		}

		history.awaitAll(Kind.FINISHED, tasks);
		Leftovers.awaitNone(this.scene.redis(), TASKS);
		history.assertOnce(tasks);
		history.assertNoAttemptUsed();
		this.scene.assertNothingRecovered();
	}

	@ParameterizedTest
	@EnumSource
	void awayForLongTakesNoTaskFromItsOwner(Outage outage) {
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
		// The rest of the time in which a look for dead owners could be mistaken
		Scene.pass(LONG);
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
