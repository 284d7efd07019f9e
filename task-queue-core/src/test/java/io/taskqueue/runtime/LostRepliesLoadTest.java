package io.taskqueue.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.FaultyProxy;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many tasks are enqueued and run while every twentieth reply is lost.
 */
class LostRepliesLoadTest {

	private static final Logger logger = LoggerFactory.getLogger(LostRepliesLoadTest.class);

	private static final int THREADS = 8;

	private static final boolean SOAK = Boolean.getBoolean("taskqueue.soak");

	private static final int TASKS = SOAK ? 20_000 : 1_000;

	private static final Duration PATIENCE = Duration.ofMinutes(SOAK ? 10 : 3);

	private static final double LOST = 0.05;

	private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

	private final AtomicInteger laterAttempts = new AtomicInteger();

	private final LostLeases lostLeases = new LostLeases();

	/** Otherwise each driver, each Redis and each way to lose a reply at least once. */
	static List<Losing> losings() {
		return SOAK ? List.of(Losing.values()) : List.of(Losing.JEDIS_CLOSED, Losing.LETTUCE_SILENT,
				Losing.JEDIS_CLUSTER_SILENT, Losing.LETTUCE_CLUSTER_CLOSED);
	}

	@ParameterizedTest
	@MethodSource("losings")
	void everyTaskRunsOnce(Losing losing) throws Exception {
		losing.redis().flushAll();
		QueueContent queue = new QueueContent(losing.redis(), "default");
		long seed = new Random().nextLong();
		logger.info("{} with seed {}", losing, seed);
		try (FaultyProxy proxy = losing.proxy();
				TaskQueue taskQueue = losing.connect(proxy, losing.timeout(Duration.ofMillis(500)))) {
			Random random = new Random(seed);
			proxy.lose((verb) -> random.nextDouble() < LOST);
			WorkerNode node = taskQueue.node(handlers(), WorkerHooks.none().withListeners(List.of(this.lostLeases)),
					WorkerOptions.standard());
			node.start();
			enqueueAll(taskQueue);
			await().atMost(PATIENCE).until(() -> this.runs.size() == TASKS);
			await().atMost(PATIENCE).until(() -> node.worker().unsettled() == 0);
			node.stop();
			logger.info("{} lost {} replies", losing, proxy.lost());
			assertThat(proxy.lost()).isPositive();
		}
		assertThat(this.runs.values()).allSatisfy((runs) -> assertThat(runs).hasValue(1));
		assertThat(this.laterAttempts).hasValue(0);
		assertThat(this.lostLeases.ids()).isEmpty();
		assertThat(queue.counter("processed")).isEqualTo(TASKS);
		assertThat(queue.counter("failed")).isZero();
		assertThat(queue.keysOfTasks()).isEmpty();
	}

	private HandlerRegistry handlers() {
		HandlerRegistry handlers = new HandlerRegistry();
		handlers.register(new Handler("type", "LostRepliesLoadTest", Handler.Policy.STANDARD, this::handle));
		return handlers;
	}

	private Object handle(TaskContext task) {
		this.runs.computeIfAbsent(task.id(), (id) -> new AtomicInteger()).incrementAndGet();
		this.laterAttempts.addAndGet(task.retried());
		return null;
	}

	/** From many threads, the first of which sends in bulk. */
	private static void enqueueAll(TaskQueue taskQueue) throws ExecutionException, InterruptedException {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try (TaskTemplate template = taskQueue.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				LostEnqueueReplyTest.patient())) {
			List<Future<?>> enqueuing = new ArrayList<>();
			for (int thread = 0; thread < THREADS; thread++) {
				List<TaskRequest> requests = requests(thread);
				boolean bulk = thread == 0;
				enqueuing.add(threads.submit(() -> {
					if (bulk) {
						template.enqueueAll(requests).forEach(EnqueueResult::orThrow);
					}
					else {
						requests.forEach(template::enqueue);
					}
				}));
			}
			for (Future<?> one : enqueuing) {
				one.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static List<TaskRequest> requests(int thread) {
		return IntStream.range(0, TASKS / THREADS)
			.mapToObj((i) -> TaskRequest.of("type", i)
				.with((options) -> options.withId("task-" + (i * THREADS + thread))))
			.toList();
	}

}
