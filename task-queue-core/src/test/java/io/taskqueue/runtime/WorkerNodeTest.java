package io.taskqueue.runtime;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.taskqueue.HealthListener.Health;
import io.taskqueue.RetryLaterException;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.TaskSemaphore;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.wire.ServerInfo;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What nodes do while they run: follow queues, pause types, count permits, check Redis.
 */
class WorkerNodeTest {

	private final List<String> done = new CopyOnWriteArrayList<>();

	private final List<WorkerNode> nodes = new CopyOnWriteArrayList<>();

	private Jedis redis;

	private TaskQueue taskQueue;

	private TaskTemplate tasks;

	@BeforeEach
	void connect() {
		TestRedis.shared().flushAll();
		this.redis = TestRedis.shared().jedis();
		this.taskQueue = TaskQueue.connect(TestRedis.shared().jedisFactory(), TaskQueueOptions.standard("test"));
		this.tasks = this.taskQueue.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				ClientOptions.DEFAULTS);
	}

	@AfterEach
	void close() {
		this.nodes.forEach(WorkerNode::stop);
		this.taskQueue.close();
		this.redis.close();
	}

	@Test
	void queuesThatAppearAreWorkedOnKeptAndShown() throws Exception {
		node("node", WorkerOptions.standard().withQueues(Map.of("default", 1, "tenant-*", 2)));
		this.redis.sadd("asynq:queues", "", "x".repeat(10_000), "tenant-\n");
		enqueue("tenant-a", "now", Duration.ZERO);
		await().until(() -> this.done.contains("node now"));
		// Due tasks are promoted, and those of Java at their time: the node listens
		await().until(() -> subscribers("tenant-a") == 1);
		enqueue("tenant-a", "later", Duration.ofMillis(300));
		await().until(() -> this.done.contains("node later"));
		await().untilAsserted(() -> assertThat(shown().queues()).isEqualTo(Map.of("default", 1, "tenant-a", 2)));
		this.redis.srem("asynq:queues", "tenant-a");
		await().untilAsserted(() -> assertThat(shown().queues()).isEqualTo(Map.of("default", 1)));
		await().until(() -> subscribers("tenant-a") == 0);
	}

	@Test
	void aTypePausedOnOneNodeIsRunByAnother() {
		WorkerNode first = node("first", WorkerOptions.standard());
		first.handlerControl().pause("t");
		enqueue("default", "a", Duration.ZERO);
		await().until(() -> first.handlerControl().paused().contains("t")
				&& this.redis.hexists("asynq:{default}:t:a", "tq:deferred"));
		assertThat(this.done).isEmpty();
		node("second", WorkerOptions.standard());
		await().until(() -> this.done.contains("second a"));
		first.handlerControl().resume("t");
		assertThat(first.handlerControl().paused()).isEmpty();
		assertThat(this.redis.get("asynq:{default}:failed")).isNull();
	}

	@Test
	void aTypePausedEverywhereIsRunByNobodyUntilItIsResumed() {
		WorkerNode first = node("first", WorkerOptions.standard());
		WorkerNode second = node("second", WorkerOptions.standard());
		first.handlerControl().pauseEverywhere("t");
		await().until(() -> second.handlerControl().pausedEverywhere().equals(Set.of("t")));
		WorkerNode third = node("third", WorkerOptions.standard());
		assertThat(third.handlerControl().pausedEverywhere()).as("known from the start").containsExactly("t");
		enqueue("default", "a", Duration.ZERO);
		await().until(() -> this.redis.zscore("asynq:{default}:scheduled", "a") != null);
		assertThat(this.done).isEmpty();
		second.handlerControl().resumeEverywhere("t");
		await().until(() -> first.handlerControl().pausedEverywhere().isEmpty()
				&& third.handlerControl().pausedEverywhere().isEmpty());
		await().atMost(Duration.ofSeconds(30)).until(() -> this.done.size() == 1);
		assertThat(this.redis.exists("taskqueue:test:paused")).isFalse();
	}

	@Test
	void blankTypesCannotBePaused() {
		WorkerNode node = node("node", WorkerOptions.standard());
		assertThatIllegalArgumentException().isThrownBy(() -> node.handlerControl().pause(" "));
		assertThatIllegalArgumentException().isThrownBy(() -> node.handlerControl().pauseEverywhere(""));
	}

	@Test
	void handlersShareASemaphore() throws Exception {
		TaskSemaphore semaphore = this.taskQueue.semaphore("api", 1);
		CountDownLatch holding = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		HandlerRegistry handlers = new HandlerRegistry();
		handlers.register(new Handler("t", "Test", Handler.Policy.STANDARD, (task) -> {
			Optional<TaskSemaphore.Permit> permit = semaphore.tryAcquire(task);
			if (permit.isEmpty()) {
				this.done.add("no permit for " + task.id());
				throw new RetryLaterException(Duration.ofHours(1));
			}
			try (TaskSemaphore.Permit held = permit.get()) {
				assertThat(held).isNotNull();
				holding.countDown();
				goOn.await();
			}
			return null;
		}));
		start(this.taskQueue.node(handlers, WorkerHooks.none(), WorkerOptions.standard()));
		enqueue("default", "a", Duration.ZERO);
		holding.await();
		assertThat(this.redis.zscore("asynq:sema:api", "a")).isGreaterThan((double) Instant.now().getEpochSecond());
		enqueue("default", "b", Duration.ZERO);
		await().until(() -> this.done.contains("no permit for b"));
		goOn.countDown();
		await().until(() -> !this.redis.exists("asynq:sema:api"));
	}

	@Test
	void semaphoresCheckTheirArguments() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.taskQueue.semaphore(" ", 1))
			.withMessageContaining("scope");
		assertThatIllegalArgumentException().isThrownBy(() -> this.taskQueue.semaphore("api", 0))
			.withMessageContaining("'api'");
	}

	@Test
	void healthIsToldAgainAndAgain() throws Exception {
		BlockingQueue<Health> heard = new LinkedBlockingQueue<>();
		AtomicBoolean away = new AtomicBoolean();
		HealthCheck check = new HealthCheck(() -> {
			if (away.get()) {
				throw new TaskQueueUnavailableException("away", null);
			}
		}, Duration.ofMillis(20), List.of((health) -> {
			throw new IllegalStateException("expected by the test");
		}, heard::add));
		check.start();
		assertThat(heard.take().isUp()).isTrue();
		away.set(true);
		await().until(() -> !heard.take().isUp());
		away.set(false);
		await().until(() -> heard.take().isUp());
		check.stop();
		assertThat(check.isRunning()).isFalse();
		heard.clear();
		check.start();
		assertThat(heard.take().isUp()).isTrue();
		check.stop();
	}

	@Test
	void healthIsThatOfRedis() throws Exception {
		BlockingQueue<Health> heard = new LinkedBlockingQueue<>();
		HealthCheck check = this.taskQueue.healthCheck(Duration.ofMinutes(1), List.of(heard::add));
		check.start();
		Health health = heard.poll(10, TimeUnit.SECONDS);
		check.stop();
		assertThat(health).isNotNull();
		assertThat(health.isUp()).isTrue();
	}

	private WorkerNode node(String name, WorkerOptions options) {
		HandlerRegistry handlers = new HandlerRegistry();
		handlers.register(new Handler("t", "Test", Handler.Policy.STANDARD, (task) -> {
			this.done.add(name + " " + task.id());
			return null;
		}));
		return start(this.taskQueue.node(handlers, WorkerHooks.none(), options));
	}

	private WorkerNode start(WorkerNode node) {
		this.nodes.add(node);
		node.start();
		return node;
	}

	private void enqueue(String queue, String id, Duration delay) {
		var task = this.tasks.once("t").uuid(id).queue(queue);
		(delay.isZero() ? task : task.in(delay)).enqueue();
	}

	private ServerInfo shown() {
		byte[] key = ("asynq:servers:{" + this.nodes.get(0).worker().token() + "}").getBytes(StandardCharsets.UTF_8);
		return ServerInfo.decode(this.redis.get(key));
	}

	private long subscribers(String queue) {
		return this.redis.pubsubNumSub("asynq:{" + queue + "}:tq:wake").values().iterator().next();
	}

}
