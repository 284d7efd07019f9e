package io.taskqueue.faults;

import java.util.ArrayList;
import java.util.List;

import io.taskqueue.faults.Journal.Kind;
import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

class ForgottenScriptsTest {

	private static final int ROUNDS = Scene.SOAK ? 100 : 10;

	private static final int TASKS = 200;

	@RegisterExtension
	final Scene scene = new Scene();

	@Test
	@Scenario(68)
	void scriptFlushUnderLoadIsNotNoticed() {
		this.scene.local("one", 10);
		this.scene.local("two", 10);
		History history = this.scene.history();
		List<String> tasks = new ArrayList<>();
		try (Jedis jedis = this.scene.redis().jedis()) {
			for (int round = 0; round < ROUNDS; round++) {
				tasks.addAll(this.scene.enqueue(RecordingHandlers.WORK, "task" + round + "-", TASKS, 2));
				while (history.ids(Kind.FINISHED).size() < tasks.size() - TASKS / 2) {
					jedis.scriptFlush();
				}
			}
		}

		history.awaitAll(Kind.FINISHED, tasks);
		Leftovers.awaitNone(this.scene.redis(), tasks.size());
		history.assertOnce(tasks);
		history.assertNoAttemptUsed();
	}

}
