package io.taskqueue.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.taskqueue.TaskRequest;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.runtime.WorkerNode;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The first figures to look at after a change of the hot path, of the complete starter as
 * a user runs it: tasks drained per second with Redis's share of the time, and how long a
 * single task takes from its enqueue into an idle worker to its handler.
 */
@SpringBootApplication
public class FirstFigures {

	private static final int TASKS = 100_000;

	private static final int ROUNDS = 5;

	private static final int SINGLES = 200;

	private static final Duration LIMIT = Duration.ofMinutes(2);

	private final TaskTemplate tasks;

	private final WorkerNode node;

	private final RedisConnectionFactory redis;

	private final Handlers handlers;

	FirstFigures(TaskTemplate tasks, WorkerNode node, RedisConnectionFactory redis, Handlers handlers) {
		this.tasks = tasks;
		this.node = node;
		this.redis = redis;
		this.handlers = handlers;
	}

	/**
	 * Measures.
	 * @param args Spring's; {@code --spring.data.redis.host=…} for a Redis of one's own
	 */
	public static void main(String[] args) throws InterruptedException {
		SpringApplication application = new SpringApplication(FirstFigures.class);
		application.setDefaultProperties(defaults());
		try (ConfigurableApplicationContext context = application.run(args)) {
			FirstFigures figures = context.getBean(FirstFigures.class);
			for (int round = 1; round <= ROUNDS; round++) {
				figures.drain(round);
			}
			figures.pickUp();
		}
	}

	private static Properties defaults() {
		Properties defaults = new Properties();
		defaults.setProperty("task-queue.worker.concurrency", "100");
		defaults.setProperty("spring.main.banner-mode", "off");
		defaults.setProperty("logging.level.root", "warn");
		return defaults;
	}

	private void drain(int round) throws InterruptedException {
		this.node.stop();
		List<TaskRequest> requests = new ArrayList<>(TASKS);
		for (int i = 0; i < TASKS; i++) {
			requests.add(TaskRequest.of("noop", i));
		}
		double cpuBefore = redisCpuSeconds();
		long start = System.nanoTime();
		this.tasks.enqueueAll(requests).forEach((result) -> result.orThrow());
		double enqueueSeconds = secondsSince(start);
		double cpuFilled = redisCpuSeconds();
		CountDownLatch done = new CountDownLatch(TASKS);
		this.handlers.done = done;
		start = System.nanoTime();
		this.node.start();
		if (!done.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
			throw new IllegalStateException(done.getCount() + " tasks were not run within " + LIMIT);
		}
		awaitAcknowledged();
		double drainSeconds = secondsSince(start);
		double cpuDrained = redisCpuSeconds();
		print("round %d: enqueued in bulk %,.0f/s, Redis %.1f µs a task; drained %,.0f/s, Redis %.1f µs a task", round,
				TASKS / enqueueSeconds, (cpuFilled - cpuBefore) * 1e6 / TASKS, TASKS / drainSeconds,
				(cpuDrained - cpuFilled) * 1e6 / TASKS);
	}

	private void awaitAcknowledged() {
		try (RedisConnection connection = this.redis.getConnection()) {
			long start = System.nanoTime();
			while (!Long.valueOf(0).equals(connection.zSetCommands().zCard("asynq:{default}:lease".getBytes(UTF_8)))) {
				if (secondsSince(start) > LIMIT.toSeconds()) {
					throw new IllegalStateException("tasks were not acknowledged within " + LIMIT);
				}
				LockSupport.parkNanos(200_000);
			}
		}
	}

	private void pickUp() throws InterruptedException {
		double[] millis = new double[SINGLES];
		for (int i = -SINGLES; i < SINGLES; i++) {
			CountDownLatch done = new CountDownLatch(1);
			this.handlers.done = done;
			long start = System.nanoTime();
			this.tasks.enqueue("noop", i);
			if (!done.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
				throw new IllegalStateException("a single task was not run within " + LIMIT);
			}
			if (i >= 0) {
				millis[i] = (this.handlers.startedAt.get() - start) / 1e6;
			}
			// Lets the worker become idle again, or it would be found fetching
			LockSupport.parkNanos(20_000_000);
		}
		Arrays.sort(millis);
		print("pick-up of %d single tasks: p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.2f ms", SINGLES,
				millis[SINGLES / 2], millis[SINGLES * 9 / 10], millis[SINGLES * 99 / 100], millis[SINGLES - 1]);
	}

	private double redisCpuSeconds() {
		try (RedisConnection connection = this.redis.getConnection()) {
			Properties info = connection.serverCommands().info("cpu");
			return Double.parseDouble(info.getProperty("used_cpu_user"))
					+ Double.parseDouble(info.getProperty("used_cpu_sys"));
		}
	}

	private static double secondsSince(long start) {
		return (System.nanoTime() - start) / 1e9;
	}

	private static void print(String format, Object... values) {
		System.out.println(String.format(Locale.ROOT, format, values));
	}

	@Bean
	static Handlers handlers() {
		return new Handlers();
	}

	/** What is run. */
	static class Handlers {

		private final AtomicLong startedAt = new AtomicLong();

		private volatile CountDownLatch done = new CountDownLatch(0);

		@TaskHandler("noop")
		void noop() {
			this.startedAt.lazySet(System.nanoTime());
			this.done.countDown();
		}

	}

}
