package io.taskqueue.faults;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.taskqueue.faults.Journal.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;

class DeletedDataTest {

	@RegisterExtension
	final Scene scene = new Scene();

	@Test
	void afterFlushAllUnderLoadNewTasksRun() {
		LocalWorker one = this.scene.local("one", 10);
		LocalWorker two = this.scene.local("two", 10);
		List<String> held = this.scene.enqueue(RecordingHandlers.HOLD, "held", 4, null);
		this.scene.enqueue(RecordingHandlers.WORK, "gone", 2000, 5);
		History history = this.scene.history();
		history.awaitAll(Kind.STARTED, held);
		history.awaitCount(Kind.FINISHED, 500);

		try (Jedis jedis = this.scene.redis().jedis()) {
			jedis.flushAll();
		}
		List<String> tasks = this.scene.enqueue(RecordingHandlers.WORK, "task", 500, 5);

		history.awaitAll(Kind.FINISHED, tasks);
		// Nobody holds them any more, and their handlers are told
		history.awaitAll(Kind.INTERRUPTED, held);
		Leftovers.awaitNone(this.scene.redis(), tasks.size());
		assertThat(history.repeated()).isEmpty();
		assertThat(one.node().worker().unsettled() + two.node().worker().unsettled()).isZero();
		Set<String> unfinished = new HashSet<>(history.ids(Kind.STARTED));
		unfinished.removeAll(history.ids(Kind.FINISHED));
		assertThat(unfinished).containsExactlyInAnyOrderElementsOf(held);
	}

}
