package io.taskqueue.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.broker.Lane;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.Scenario;
import io.taskqueue.testing.Storage;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * One worker serves several queues, which are on all nodes where Redis is a cluster.
 */
@ParameterizedClass
@MethodSource("io.taskqueue.testing.Storage#usual")
class ManyQueuesTest {

	private static final boolean SOAK = Boolean.getBoolean("taskqueue.soak");

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final List<String> QUEUES = List.of("a", "b", "c", "d", "e", "f");

	private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

	@Parameter
	Storage storage;

	private TaskQueue taskQueue;

	private TaskTemplate template;

	private WorkerNode node;

	@BeforeEach
	void start() {
		this.storage.redis().flushAll();
		this.storage.clock().set(Instant.now());
		this.taskQueue = TaskQueue.connect(this.storage.factory(), TaskQueueOptions.standard("test"));
		this.template = this.taskQueue.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				ClientOptions.DEFAULTS);
		HandlerRegistry handlers = new HandlerRegistry();
		handlers.register(new Handler("type", "ManyQueuesTest", Handler.Policy.STANDARD, (task) -> {
			this.done.add(task.id());
			return null;
		}));
		Map<String, Integer> weights = new LinkedHashMap<>();
		QUEUES.forEach((queue) -> weights.put(queue, 1 + weights.size()));
		this.node = this.taskQueue.node(handlers, WorkerHooks.none(), WorkerOptions.standard().withQueues(weights));
		this.node.start();
	}

	@AfterEach
	void stop() {
		this.node.stop();
		this.template.close();
		this.taskQueue.close();
	}

	@Test
	@Scenario(67)
	void tasksOfAllQueuesRunOnce() {
		List<TaskRequest> requests = new ArrayList<>();
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			String id = "task" + i;
			String queue = QUEUES.get(i % QUEUES.size());
			Duration delay = (i % 3 == 0) ? Duration.ofMillis(i) : Duration.ZERO;
			ids.add(id);
			requests
				.add(TaskRequest.of("type", i).with((options) -> options.withId(id).withQueue(queue).withIn(delay)));
		}
		this.template.enqueueAll(requests).forEach(EnqueueResult::orThrow);
		await().atMost(PATIENCE).until(() -> this.done.size() >= ids.size());
		await().atMost(PATIENCE).until(() -> this.node.worker().unsettled() == 0);
		assertThat(this.done).containsExactlyInAnyOrderElementsOf(ids);
		for (String queue : QUEUES) {
			QueueContent content = new QueueContent(this.storage.redis(), queue);
			assertThat(content.counter("processed")).isEqualTo(100);
			assertThat(content.keysOfTasks()).isEmpty();
		}
	}

	@Test
	@Scenario(67)
	void idleWorkerIsWokenByEachQueue() throws Exception {
		for (String queue : QUEUES) {
			this.template.once("type").uuid("in-" + queue).queue(queue).enqueue();
			assertThat(this.done.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("in-" + queue);
		}
	}

	/**
	 * Takes as long as it takes to be sure of a death, so in the usual build only where
	 * the queues are on several nodes.
	 */
	@Test
	@Scenario(67)
	void tasksOfADeadWorkerGoToThisOne() {
		assumeThat(SOAK || this.storage == Storage.CLUSTER_JEDIS).isTrue();
		this.node.stop();
		List<String> ids = new ArrayList<>();
		for (String queue : QUEUES) {
			ids.add("of-" + queue);
			this.template.once("type").uuid("of-" + queue).queue(queue).enqueue();
			// It is nowhere written down as a server
			assertThat(this.storage.broker().work().fetch(queue, new Lane().next(), "host:1:dead", 1, 1).deliveries())
				.hasSize(1);
		}
		this.node.start();
		await().atMost(PATIENCE).until(() -> this.done.size() >= ids.size());
		assertThat(this.done).containsExactlyInAnyOrderElementsOf(ids);
	}

}
