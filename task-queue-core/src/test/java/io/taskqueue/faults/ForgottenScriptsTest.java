package io.taskqueue.faults;

import java.util.ArrayList;
import java.util.List;

import io.taskqueue.faults.Journal.Kind;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.testing.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

@ParameterizedClass
@MethodSource("io.taskqueue.testing.Storage#usual")
class ForgottenScriptsTest {

	private static final int ROUNDS = Scene.SOAK ? 100 : 10;

	private static final int TASKS = 200;

	@RegisterExtension
	final Scene scene;

	ForgottenScriptsTest(Storage storage) {
		this.scene = new Scene(storage::start, storage::factory);
	}

	@Test
	@Scenario(68)
	void scriptFlushUnderLoadIsNotNoticed() {
		this.scene.local("one", 10);
		this.scene.local("two", 10);
		History history = this.scene.history();
		List<String> tasks = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			tasks.addAll(this.scene.enqueue(RecordingHandlers.WORK, "task" + round + "-", TASKS, 2));
			while (history.ids(Kind.FINISHED).size() < tasks.size() - TASKS / 2) {
				forgetScripts();
			}
		}

		history.awaitAll(Kind.FINISHED, tasks);
		Leftovers.awaitNone(this.scene.deployment(), tasks.size());
		history.assertOnce(tasks);
		history.assertNoAttemptUsed();
	}

	private void forgetScripts() {
		for (TestRedis node : this.scene.deployment().masters()) {
			try (Jedis jedis = node.jedis()) {
				jedis.scriptFlush();
			}
		}
	}

}
