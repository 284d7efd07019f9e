package io.taskqueue.faults;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.taskqueue.OnConflict;
import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskRequest;
import io.taskqueue.faults.Journal.Kind;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.TestCluster;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.wire.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.util.JedisClusterCRC16;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The slot of a busy queue moves from one node of a cluster to another, a few keys at a
 * time, while tasks are enqueued and run.
 */
@ParameterizedClass
@MethodSource("storages")
class MovedSlotTest {

	private static final int TASKS = Scene.SOAK ? 20_000 : 3000;

	private static final int ROUNDS = Scene.SOAK ? 20 : 3;

	private static final int KEYS = 20;

	private static final int SLOT = JedisClusterCRC16.getSlot(Keys.queue(Scene.QUEUE));

	@RegisterExtension
	final Scene scene;

	private final Set<String> doubtful = new HashSet<>();

	MovedSlotTest(Storage storage) {
		this.scene = new Scene(storage::start, storage::factory);
	}

	static List<Storage> storages() {
		return List.of(Storage.CLUSTER_JEDIS, Storage.CLUSTER_LETTUCE);
	}

	@Test
	@Scenario(67)
	void losesAndRepeatsNothing() throws Exception {
		this.scene.local("one", 10);
		this.scene.local("two", 10);
		// A backlog, so that there is something to move
		List<String> backlog = this.scene.enqueue(RecordingHandlers.WORK, "backlog", TASKS / 2, 5);
		List<String> tasks = IntStream.range(0, TASKS / 2).mapToObj((i) -> "task" + i).toList();
		FutureTask<?> producer = new FutureTask<>(() -> tasks.forEach(this::enqueue), null);
		new Thread(producer, "producer").start();
		History history = this.scene.history();

		for (int round = 1; round <= ROUNDS; round++) {
			history.awaitCount(Kind.FINISHED, round * TASKS / (ROUNDS + 2));
			moveSlot();
		}

		producer.get(2, TimeUnit.MINUTES);
		Set<String> all = new HashSet<>(backlog);
		all.addAll(tasks);
		history.awaitAll(Kind.FINISHED, all);
		Leftovers.awaitSettled(this.scene.deployment());
		// One may have run before its caller learned that it was stored
		assertThat(history.repeated()).isSubsetOf(this.doubtful);
		history.assertNoAttemptUsed();
	}

	private void moveSlot() {
		TestCluster cluster = (TestCluster) this.scene.deployment();
		TestRedis from = cluster.nodeOf(Keys.queue(Scene.QUEUE));
		TestRedis to = cluster.masters().stream().filter((node) -> node != from).findFirst().orElseThrow();
		cluster.beginMigration(SLOT, from, to);
		int moved = KEYS;
		while (moved > 0) {
			moved = cluster.migrate(SLOT, KEYS, from, to);
		}
		cluster.endMigration(SLOT, to);
	}

	private void enqueue(String id) {
		TaskRequest request = TaskRequest.of(RecordingHandlers.WORK, 1)
			.with((options) -> options.withId(id).withOnConflict(OnConflict.KEEP));
		boolean stored = false;
		while (!stored) {
			try {
				this.scene.template().enqueue(request);
				stored = true;
			}
			catch (TaskQueueException ex) {
				this.doubtful.add(id);
			}
		}
	}

}
