package io.taskqueue.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.faults.Journal.Kind;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PoisonTaskTest {

	private static final int CRASHES = 3;

	@RegisterExtension
	final Scene scene = new Scene();

	@Test
	void taskThatEndsItsProcessIsArchivedAndTheOthersFlow() {
		List<String> tasks = new ArrayList<>(this.scene.enqueue(RecordingHandlers.WORK, "before", 200, 5));
		String poison = this.scene.enqueue(RecordingHandlers.HALT, "poison", 1, null).get(0);
		tasks.addAll(this.scene.enqueue(RecordingHandlers.WORK, "after", 200, 5));
		History history = this.scene.history();

		for (int crash = 1; crash <= CRASHES; crash++) {
			this.scene.process("victim" + crash, 5).awaitEnd();
		}
		this.scene.process("survivor", 5);

		history.awaitAll(Kind.FINISHED, tasks);
		try (Jedis jedis = this.scene.redis().jedis()) {
			String queue = Keys.queue(Scene.QUEUE);
			await().atMost(Duration.ofMinutes(1))
				.untilAsserted(() -> assertThat(jedis.zrange(queue + "archived", 0, -1)).containsExactly(poison));
			TaskMessage message = TaskMessage
				.decode(jedis.hget(Keys.task(Scene.QUEUE, poison).getBytes(UTF_8), "msg".getBytes(UTF_8)));
			assertThat(message.errorMsg()).startsWith("poison: 3 workers in a row died");
			assertThat(message.retried()).isZero();
			assertThat(history.times(Kind.STARTED)).containsEntry(poison, (long) CRASHES);
			history.assertNoAttemptUsed();
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(
						() -> assertThat(jedis.get(queue + "processed")).isEqualTo(String.valueOf(tasks.size() + 1)));
			assertThat(jedis.get(queue + "failed")).isEqualTo("1");
		}
	}

}
