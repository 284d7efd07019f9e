package io.taskqueue.runtime;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Scenario 66: how queues share a worker, by weight and strictly.
 */
class QueueSharesTest {

	private static final int PICKS = 10_000;

	private final ConcurrentLinkedQueue<String> picks = new ConcurrentLinkedQueue<>();

	private TaskQueue taskQueue;

	@BeforeEach
	void connect() {
		TestRedis.shared().flushAll();
		this.taskQueue = TaskQueue.connect(TestRedis.shared().jedisFactory(), TaskQueueOptions.standard("test"));
	}

	@AfterEach
	void close() {
		this.taskQueue.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 10 })
	@Scenario(66)
	void scenario66_fullQueuesShareByTheRatioOfTheirWeights(int factor) {
		fill("high", 7000);
		fill("middle", 4000);
		fill("low", 2000);
		WorkerNode node = node(
				WorkerOptions.standard().withQueues(Map.of("high", 6 * factor, "middle", 3 * factor, "low", factor)));
		node.start();
		await().until(() -> this.picks.size() >= PICKS);
		node.stop();
		List<String> first = List.copyOf(this.picks).subList(0, PICKS);
		assertThat(Collections.frequency(first, "high")).isBetween(5700, 6300);
		assertThat(Collections.frequency(first, "middle")).isBetween(2700, 3300);
		assertThat(Collections.frequency(first, "low")).isBetween(700, 1300);
	}

	@Test
	@Scenario(66)
	void scenario66_strictTakesALowerQueueOnlyWhenTheHigherIsEmpty() {
		fill("low", 100);
		fill("middle", 300);
		fill("high", 600);
		WorkerNode node = node(WorkerOptions.standard()
			.withQueues(Map.of("high", 3, "middle", 2, "low", 1))
			.withStrict(true)
			.withConcurrency(1));
		node.start();
		await().until(() -> this.picks.size() == 1000);
		node.stop();
		List<String> order = List.copyOf(this.picks);
		assertThat(order.subList(0, 600)).containsOnly("high");
		assertThat(order.subList(600, 900)).containsOnly("middle");
		assertThat(order.subList(900, 1000)).containsOnly("low");
	}

	private WorkerNode node(WorkerOptions options) {
		HandlerRegistry handlers = new HandlerRegistry();
		handlers.register(new Handler("t", "Test", Handler.Policy.STANDARD, (task) -> {
			this.picks.add(task.queue());
			return null;
		}));
		return this.taskQueue.node(handlers, WorkerHooks.none(), options);
	}

	private void fill(String queue, int tasks) {
		try (TaskTemplate template = this.taskQueue.template(new JacksonPayloadCodec(),
				(type) -> TaskOptions.unset().withQueue(queue), ClientOptions.DEFAULTS)) {
			template.enqueueAll(Collections.nCopies(tasks, TaskRequest.of("t", "payload")))
				.forEach(EnqueueResult::orThrow);
		}
	}

}
