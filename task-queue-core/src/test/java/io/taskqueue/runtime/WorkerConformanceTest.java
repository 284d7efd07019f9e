package io.taskqueue.runtime;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.taskqueue.RevokeTaskException;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskOptions;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.OnceTask;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.Storage;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.wire.TaskMessage;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * The scenarios of asynq's conformance list that need a whole worker, by their numbers.
 */
@ParameterizedClass
@MethodSource("io.taskqueue.testing.Storage#usual")
class WorkerConformanceTest {

	private static final String P = "asynq:{default}:";

	private final HandlerRegistry handlers = new HandlerRegistry();

	private final BlockingQueue<TaskContext> started = new LinkedBlockingQueue<>();

	@Parameter
	Storage storage;

	private Jedis redis;

	private TaskQueue taskQueue;

	private TaskTemplate tasks;

	private WorkerNode node;

	@BeforeEach
	void start() {
		this.storage.redis().flushAll();
		this.redis = this.storage.redis().jedis();
		this.taskQueue = TaskQueue.connect(this.storage.factory(), TaskQueueOptions.standard("test"));
		this.tasks = this.taskQueue.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				ClientOptions.DEFAULTS);
		this.node = this.taskQueue.node(this.handlers, WorkerHooks.none(),
				WorkerOptions.standard().withConcurrency(1).withShutdownTimeout(Duration.ofMillis(50)));
		this.node.start();
	}

	@AfterEach
	void stop() {
		this.node.stop();
		this.taskQueue.close();
		this.redis.close();
	}

	@Test
	@Scenario(31)
	void scenario31_resultIsKeptAndRefusedAfterTheEnd() throws Exception {
		handle((task) -> {
			task.writeResult("hello".getBytes(StandardCharsets.UTF_8));
			return null;
		});
		enqueue("a", once().retention(Duration.ofHours(1)));
		await().untilAsserted(() -> assertThat(this.redis.hget(P + "t:a", "state")).isEqualTo("completed"));
		assertThat(this.redis.hget(P + "t:a", "result")).isEqualTo("hello");
		TaskContext over = next();
		assertThat(catchThrowable(() -> over.writeResult(new byte[] { 1 }))).isInstanceOf(IllegalStateException.class);
		assertThat(this.redis.hget(P + "t:a", "result")).isEqualTo("hello");
	}

	@Test
	@Scenario(36)
	void scenario36_revokedTaskIsDroppedDespiteItsRetention() {
		handle((task) -> {
			throw new RevokeTaskException("not needed any more");
		});
		enqueue("a", once().retention(Duration.ofHours(1)));
		await().untilAsserted(() -> assertThat(this.redis.get(P + "processed")).isEqualTo("1"));
		assertThat(this.redis.exists(P + "t:a", P + "completed", P + "failed")).isZero();
	}

	@Test
	@Scenario(37)
	void scenario37_deadlineThatHasPassedFailsTheTaskWithoutItsHandler() {
		handle((task) -> null);
		enqueue("a", once().deadline(Instant.now().minusSeconds(5)));
		await().untilAsserted(() -> assertThat(this.redis.hget(P + "t:a", "state")).isEqualTo("retry"));
		assertThat(message("a").errorMsg()).isEqualTo("context deadline exceeded");
		assertThat(message("a").retried()).isEqualTo(1);
		assertThat(this.started).isEmpty();
	}

	@Test
	@Scenario(38)
	void scenario38_earlierOfTimeoutAndDeadlineCounts() throws Exception {
		handle((task) -> null);
		Instant soon = Instant.now().plusSeconds(10);
		enqueue("a", once().timeout(Duration.ofMinutes(1)).deadline(soon));
		assertThat(next().deadline()).isEqualTo(Instant.ofEpochSecond(soon.getEpochSecond()));
		enqueue("b", once().timeout(Duration.ofMinutes(1)).deadline(soon.plusSeconds(600)));
		assertThat(next().deadline()).isBetween(soon.plusSeconds(45), soon.plusSeconds(75));
		// Neither, which only a foreign client can ask for: asynq's 30 minutes
		enqueue("c", once().timeout(Duration.ZERO));
		assertThat(next().deadline()).isBetween(soon.plusSeconds(1780), soon.plusSeconds(1820));
	}

	/** Different from asynq on purpose, which retries a cancelled task. */
	@Test
	@Scenario(42)
	void scenario42_cancelledTaskIsArchived() throws Exception {
		CountDownLatch interrupted = new CountDownLatch(1);
		handle((task) -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
				throw ex;
			}
			return null;
		});
		enqueue("a", once());
		next();
		await().untilAsserted(() -> {
			publishCancel("unknown");
			// As Go's inspector does it; nobody may listen yet just after the start
			assertThat(publishCancel("a")).isPositive();
		});
		assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
		await().untilAsserted(() -> assertThat(this.redis.zrange(P + "archived", 0, -1)).containsExactly("a"));
		assertThat(message("a").errorMsg()).isEqualTo("context canceled");
		assertThat(message("a").retried()).isZero();
	}

	@Test
	@Scenario(43)
	void scenario43_shutdownGivesTheRunningTaskBackToTheHead() throws Exception {
		handle((task) -> {
			new CountDownLatch(1).await();
			return null;
		});
		enqueue("a", once());
		byte[] before = this.redis.hget((P + "t:a").getBytes(StandardCharsets.UTF_8),
				"msg".getBytes(StandardCharsets.UTF_8));
		next();
		enqueue("b", once());
		this.node.stop();
		assertThat(this.redis.lrange(P + "pending", 0, -1)).containsExactly("b", "a");
		assertThat(this.redis.hget(P + "t:a", "state")).isEqualTo("pending");
		assertThat(message("a")).usingRecursiveComparison().isEqualTo(TaskMessage.decode(before));
		assertThat(this.redis.exists(P + "active", P + "lease")).isZero();
		for (TestRedis node : this.storage.redis().masters()) {
			try (Jedis jedis = node.jedis()) {
				assertThat(jedis.keys("asynq:servers*")).isEmpty();
				assertThat(jedis.keys("asynq:workers*")).isEmpty();
			}
		}
	}

	/** Returns how many listen; a node of a cluster knows of its own listeners only. */
	private long publishCancel(String id) {
		long listeners = 0;
		for (TestRedis node : this.storage.redis().masters()) {
			try (Jedis jedis = node.jedis()) {
				listeners += jedis.publish("asynq:cancel", id);
			}
		}
		return listeners;
	}

	private void handle(Handler.Function function) {
		this.handlers.register(new Handler("t", "Test", Handler.Policy.STANDARD, (task) -> {
			this.started.add(task);
			return function.handle(task);
		}));
	}

	private OnceTask once() {
		return this.tasks.once("t");
	}

	private void enqueue(String id, OnceTask task) {
		task.uuid(id).enqueue();
	}

	private TaskContext next() throws InterruptedException {
		TaskContext task = this.started.poll(10, TimeUnit.SECONDS);
		assertThat(task).as("a task that was started").isNotNull();
		return task;
	}

	private TaskMessage message(String id) {
		return TaskMessage.decode(this.redis.hget((P + "t:" + id).getBytes(StandardCharsets.UTF_8),
				"msg".getBytes(StandardCharsets.UTF_8)));
	}

}
