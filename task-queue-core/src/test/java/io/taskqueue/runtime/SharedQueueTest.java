package io.taskqueue.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two services share a queue and do not know each other's tasks.
 */
class SharedQueueTest {

	private static final Logger logger = LoggerFactory.getLogger(SharedQueueTest.class);

	private static final boolean SOAK = Boolean.getBoolean("taskqueue.soak");

	private static final int TASKS = SOAK ? 100_000 : 20_000;

	private static final int ROUNDS = SOAK ? 9 : 3;

	/**
	 * The share of its throughput that a service keeps. Short rounds on a busy machine
	 * differ by more than what is to be measured, so there the bound only finds
	 * disasters.
	 */
	private static final double KEPT = SOAK ? 0.9 : 0.5;

	/** Puts off once more where the other service was busy for two seconds. */
	private static final int MOST_DEFERRALS = 2;

	/** Enough for everything that is put off twice. */
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final TestRedis redis = TestRedis.shared();

	private final QueueContent queue = new QueueContent(this.redis, "default");

	@BeforeEach
	void flush() {
		this.redis.flushAll();
	}

	@Test
	void strangerCostsHardlyAnyThroughput() {
		runAlone();
		runShared();
		List<Double> alone = new ArrayList<>();
		List<Double> shared = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			alone.add(runAlone());
			shared.add(runShared());
		}
		logger.warn("Tasks per second alone {}, shared {}, ratio {}", alone, shared, median(shared) / median(alone));
		assertThat(median(shared)).isGreaterThan(KEPT * median(alone));
	}

	@Test
	void everyServiceGetsItsOwnTasks() {
		int each = 500;
		try (Service a = new Service(this.redis, "a", each); Service b = new Service(this.redis, "b", each)) {
			a.start();
			b.start();
			try (TaskTemplate template = template(a)) {
				for (int i = 0; i < each; i++) {
					template.enqueue("a");
					template.enqueue("b");
				}
			}
			await().atMost(PATIENCE).until(() -> a.done() == each && b.done() == each);
			assertPutOffAtMostTwice(a);
			assertPutOffAtMostTwice(b);
		}
		assertDone(2 * each);
	}

	private double runAlone() {
		return run(false);
	}

	private double runShared() {
		return run(true);
	}

	/** Returns how many tasks per second B does, beside A or alone. */
	private double run(boolean shared) {
		this.redis.flushAll();
		double throughput;
		try (Service a = new Service(this.redis, "a", 1); Service b = new Service(this.redis, "b", TASKS)) {
			fill(b);
			if (shared) {
				a.start();
			}
			b.start();
			await().atMost(PATIENCE).until(() -> b.done() == TASKS);
			logger.info("A put off {} tasks; B had done all after {}", a.deferrals().size(), b.timeFor(TASKS));
			assertPutOffAtMostTwice(a);
			assertThat(b.laterAttempts()).isZero();
			throughput = TASKS / (b.timeFor(TASKS).toNanos() / 1e9);
		}
		assertDone(TASKS);
		return throughput;
	}

	private void fill(Service service) {
		try (TaskTemplate template = template(service)) {
			List<TaskRequest> some = Collections.nCopies(10_000, TaskRequest.of("b", "payload"));
			for (int filled = 0; filled < TASKS; filled += some.size()) {
				template.enqueueAll(some).forEach(EnqueueResult::orThrow);
			}
		}
	}

	private TaskTemplate template(Service service) {
		return service.taskQueue()
			.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(), ClientOptions.DEFAULTS);
	}

	private static void assertPutOffAtMostTwice(Service service) {
		assertThat(service.laterAttempts()).isZero();
		assertThat(service.deferrals().values())
			.allSatisfy((count) -> assertThat(count).hasValueLessThanOrEqualTo(MOST_DEFERRALS));
	}

	private void assertDone(int tasks) {
		assertThat(this.queue.counter("processed")).isEqualTo(tasks);
		assertThat(this.queue.counter("failed")).isZero();
		assertThat(this.queue.keysOfTasks()).isEmpty();
	}

	private static double median(List<Double> values) {
		List<Double> sorted = new ArrayList<>(values);
		Collections.sort(sorted);
		return sorted.get(sorted.size() / 2);
	}

}
