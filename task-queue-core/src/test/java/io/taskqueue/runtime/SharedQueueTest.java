package io.taskqueue.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.taskqueue.EnqueueResult;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class SharedQueueTest {

	private static final Logger logger = LoggerFactory.getLogger(SharedQueueTest.class);

	private static final int TASKS = Boolean.getBoolean("taskqueue.soak") ? 100_000 : 20_000;

	private final TestRedis redis = TestRedis.shared();

	@Test
	void measure() throws Exception {
		for (int i = 0; i < 4; i++) {
			round(false);
			round(true);
		}
	}

	private void round(boolean shared) throws Exception {
		this.redis.flushAll();
		try (TaskQueue a = connect(); TaskQueue b = connect()) {
			try (TaskTemplate template = b.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
					ClientOptions.DEFAULTS)) {
				for (int from = 0; from < TASKS; from += 10_000) {
					template
						.enqueueAll(
								IntStream.range(from, from + 10_000).mapToObj((i) -> TaskRequest.of("b", i)).toList())
						.forEach(EnqueueResult::orThrow);
				}
			}
			int[] at = { TASKS * 50 / 100, TASKS * 90 / 100, TASKS * 98 / 100, TASKS * 99 / 100, TASKS * 999 / 1000,
					TASKS };
			long[] when = new long[at.length];
			AtomicInteger done = new AtomicInteger();
			CountDownLatch end = new CountDownLatch(1);
			HandlerRegistry handlers = new HandlerRegistry();
			handlers.register(new Handler("b", "SharedQueueTest", Handler.Policy.STANDARD, (task) -> {
				int count = done.incrementAndGet();
				for (int i = 0; i < at.length; i++) {
					if (at[i] == count) {
						when[i] = System.nanoTime();
					}
				}
				if (count == TASKS) {
					end.countDown();
				}
				return null;
			}));
			AtomicInteger released = new AtomicInteger();
			WorkerNode nodeA = a.node(new HandlerRegistry(),
					WorkerHooks.none().withListener(new io.taskqueue.worker.WorkerListener() {
						@Override
						public void ended(TaskContext task, Ending ending, @Nullable Throwable error, Duration ran) {
							released.incrementAndGet();
						}
					}), WorkerOptions.standard());
			WorkerNode nodeB = b.node(handlers, WorkerHooks.none(), WorkerOptions.standard());
			long start = System.nanoTime();
			if (shared) {
				nodeA.start();
			}
			nodeB.start();
			end.await(300, TimeUnit.SECONDS);
			StringBuilder text = new StringBuilder();
			for (long w : when) {
				text.append(' ').append((w - start) / 1_000_000);
			}
			logger.warn("shared {} done {} released {}: {}", shared, done, released, text);
			nodeA.stop();
			nodeB.stop();
		}
	}

	private TaskQueue connect() {
		return TaskQueue.connect(this.redis.jedisFactory(), TaskQueueOptions.standard("test"));
	}

}
