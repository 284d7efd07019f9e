package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ParameterizedClass
@EnumSource
class RecoveryTest {

	private static final int THREADS = 8;

	private static final Script COUNT = Script.of("count", "return redis.call('INCR', KEYS[1])");

	private static final List<byte[]> KEYS = List.of("n".getBytes(StandardCharsets.UTF_8));

	@Parameter
	Driver driver;

	private TestRedis redis;

	private RedisConnections connections;

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

	@BeforeEach
	void connect() throws Exception {
		this.redis = TestRedis.start();
		this.connections = new RedisConnections(this.driver.factory(this.redis), THREADS, 1, Timeouts.defaults());
		this.connections.start();
		fillPool();
	}

	@AfterEach
	void disconnect() {
		this.threads.shutdownNow();
		this.connections.close();
		this.redis.close();
	}

	@Test
	void restartBetweenCallsCostsAtMostOneOfThem() {
		this.redis.restart();
		int failed = 0;
		for (int i = 0; i < 2 * THREADS; i++) {
			try {
				count();
			}
			catch (TaskQueueUnavailableException ex) {
				failed++;
			}
		}
		assertThat(failed).isLessThanOrEqualTo(1);
	}

	@Test
	void callsFailSoonWhileRedisIsAwayAndNotWhenItIsBack() {
		this.redis.kill();
		long start = System.nanoTime();
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(this::count);
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
		this.redis.restart();
		for (int i = 0; i < 10; i++) {
			count();
		}
	}

	@Test
	void silentServerIsLeftAndFoundAgain() throws Exception {
		this.redis.freeze();
		List<Future<Long>> calls = new ArrayList<>();
		long start = System.nanoTime();
		for (int i = 0; i < THREADS; i++) {
			calls.add(this.threads.submit(this::count));
		}
		for (Future<Long> call : calls) {
			assertThat(call).failsWithin(Duration.ofSeconds(8));
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(this::count);
		this.redis.thaw();
		count();
	}

	/** Makes all connections of the pool, if there is one. */
	private void fillPool() throws Exception {
		Script slow = Script.of("slow",
				"local t = redis.call('TIME') repeat local n = redis.call('TIME') until n[1] * 1e6 + n[2] - t[1] * 1e6 - t[2] > 30000");
		CyclicBarrier barrier = new CyclicBarrier(THREADS);
		List<Callable<Object>> calls = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			calls.add(() -> {
				barrier.await();
				this.connections.scripts().eval(slow, List.of(), List.of());
				return count();
			});
		}
		for (Future<Object> call : this.threads.invokeAll(calls)) {
			call.get();
		}
	}

	private long count() {
		Object reply = this.connections.scripts().eval(COUNT, KEYS, List.of());
		return (reply instanceof Long count) ? count : -1;
	}

}
