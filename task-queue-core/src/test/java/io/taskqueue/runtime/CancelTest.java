package io.taskqueue.runtime;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.taskqueue.TaskContext;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskState;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.inspect.Cancellation;
import io.taskqueue.inspect.TaskInspector;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Cancelling a task that a worker runs, from the inspector to the handler's thread.
 */
class CancelTest {

	/** What the inspector's script writes; without its message. */
	private static final String FLAG_WITHOUT_MESSAGE = """
			local lease = redis.call('ZSCORE', 'asynq:{default}:lease', 'a')
			return redis.call('HSET', 'asynq:{default}:t:a', 'tq:cancel', lease)
			""";

	private final TestRedis redis = TestRedis.shared();

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch never = new CountDownLatch(1);

	private TaskQueue taskQueue;

	private WorkerNode node;

	private TaskInspector inspector;

	@BeforeEach
	void start() throws Exception {
		this.redis.flushAll();
		this.taskQueue = TaskQueue.connect(this.redis.jedisFactory(), TaskQueueOptions.standard("test"));
		this.inspector = this.taskQueue.inspector();
		HandlerRegistry handlers = new HandlerRegistry();
		handlers.register(new Handler("slow", "Test", Handler.Policy.STANDARD, this::handle));
		this.node = this.taskQueue.node(handlers, WorkerHooks.none(), WorkerOptions.standard());
		this.node.start();
		try (TaskTemplate tasks = this.taskQueue.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				ClientOptions.DEFAULTS)) {
			tasks.once("slow").uuid("a").enqueue();
		}
		this.begun.await();
	}

	@AfterEach
	void stop() {
		this.never.countDown();
		this.node.stop();
		this.taskQueue.close();
	}

	@Test
	void handlerIsInterruptedAndItsTaskArchived() {
		assertThat(this.inspector.cancel("default", "a")).isEqualTo(Cancellation.REQUESTED);
		awaitArchived();
	}

	@Test
	void fault49_missedMessageIsNoticedAtTheNextRenewal() {
		try (Jedis jedis = this.redis.jedis()) {
			jedis.eval(FLAG_WITHOUT_MESSAGE, List.of(), List.of());
		}
		awaitArchived();
	}

	private void awaitArchived() {
		await().atMost(Duration.ofSeconds(30))
			.until(() -> this.inspector.find("default", "a").orElseThrow().state() == TaskState.ARCHIVED);
		try (Jedis jedis = this.redis.jedis()) {
			assertThat(jedis.hkeys("asynq:{default}:t:a")).containsExactlyInAnyOrder("msg", "state");
		}
		assertThat(this.inspector.cancel("default", "a")).isEqualTo(Cancellation.ENDED);
	}

	private @Nullable Object handle(TaskContext task) throws InterruptedException {
		this.begun.countDown();
		this.never.await();
		return null;
	}

}
