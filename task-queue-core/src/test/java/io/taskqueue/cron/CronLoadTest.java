package io.taskqueue.cron;

import java.time.Duration;
import java.time.Instant;

import io.taskqueue.testing.MutableClock;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What ten thousand definitions cost.
 */
@Timeout(120)
class CronLoadTest {

	private static final Logger logger = LoggerFactory.getLogger(CronLoadTest.class);

	private static final int TASKS = 10_000;

	@Test
	void idleDefinitionsCostNothing() {
		MutableClock clock = new MutableClock(Instant.parse("2026-03-02T10:00:00Z"));
		try (TestRedis redis = TestRedis.start("--appendonly", "no");
				Jedis jedis = redis.jedis();
				CronNode node = new CronNode(redis, "app", clock)) {
			for (int i = 0; i < TASKS; i++) {
				node.registry
					.register(CronTaskDefinition.of("task" + i, "run", (i < 1000) ? "@every 1h" : "@every 24h"));
			}
			long began = System.nanoTime();
			node.scheduler.round();
			logger.info("a new leader reads and shows {} definitions in {} ms", TASKS, millis(began));

			long before = calls(jedis);
			began = System.nanoTime();
			for (int i = 0; i < 1000; i++) {
				assertThat(node.scheduler.round()).isPositive();
			}
			long idle = calls(jedis) - before;
			logger.info("1000 idle rounds: {} ms, {} calls", millis(began), idle);
			assertThat(idle).isLessThan(5);

			clock.advance(Duration.ofHours(1));
			before = calls(jedis);
			began = System.nanoTime();
			while (jedis.llen("asynq:{default}:pending") < 1000) {
				node.scheduler.round();
			}
			logger.info("1000 ticks at once: all fired after {} ms and {} calls", millis(began), calls(jedis) - before);
			node.run();
			long all = calls(jedis) - before;
			logger.info("... and noted for asynq's tools after {} ms and {} calls", millis(began), all);
			assertThat(all).isLessThan(1100);
		}
	}

	private static long millis(long began) {
		return Duration.ofNanos(System.nanoTime() - began).toMillis();
	}

	/** Returns how many scripts were called. */
	private static long calls(Jedis jedis) {
		return jedis.info("commandstats")
			.lines()
			.filter((line) -> line.startsWith("cmdstat_eval"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
			.sum();
	}

}
