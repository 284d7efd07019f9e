package io.taskqueue.cron;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.taskqueue.MisfirePolicy;
import io.taskqueue.OverlapPolicy;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Real processes of which the leader is killed three times within a minute.
 */
@Timeout(180)
class CronProcessTest {

	private static final Logger logger = LoggerFactory.getLogger(CronProcessTest.class);

	private final List<Process> processes = new ArrayList<>();

	@Test
	void everySecondIsFiredOnceThoughLeadersAreKilled() throws Exception {
		try (TestRedis redis = TestRedis.start();
				Jedis jedis = redis.jedis();
				CronNode operator = new CronNode(redis, "app", Clock.systemUTC())) {
			start(redis);
			start(redis);
			await().atMost(Duration.ofSeconds(30)).until(() -> operator.registry.leader().isPresent());
			operator.registry.register(CronTaskDefinition.of("beat", "beat", "@every 1s")
				.withMisfire(MisfirePolicy.FIRE_ALL)
				.withOverlap(OverlapPolicy.ALLOW));
			long started = System.nanoTime();
			for (int kill = 0; kill < 3; kill++) {
				await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
				String leader = operator.registry.leader().orElseThrow();
				long killed = System.nanoTime();
				kill(Long.parseLong(leader.split(":")[1]));
				start(redis);
				await().atMost(Duration.ofSeconds(20))
					.until(() -> operator.registry.leader().filter((next) -> !next.equals(leader)).isPresent());
				Duration takeover = Duration.ofNanos(System.nanoTime() - killed);
				logger.info("takeover after a kill: {} ms", takeover.toMillis());
				assertThat(takeover).isLessThan(CronOptions.DEFAULTS.lease().plusSeconds(1));
			}
			await().atMost(Duration.ofMinutes(1))
				.until(() -> System.nanoTime() - started > TimeUnit.SECONDS.toNanos(60));
			List<Long> ticks = jedis.lrange("asynq:{default}:pending", 0, -1)
				.stream()
				.map((id) -> Long.parseLong(id.substring(id.indexOf('@') + 1)))
				.sorted()
				.toList();
			assertThat(ticks).hasSizeBetween(57, 63)
				.containsExactlyElementsOf(
						LongStream.rangeClosed(ticks.get(0), ticks.get(ticks.size() - 1)).boxed().toList());
			String leader = operator.registry.leader().orElseThrow();
			Process stopped = process(Long.parseLong(leader.split(":")[1]));
			stopped.getOutputStream().close();
			long asked = System.nanoTime();
			await().until(() -> operator.registry.leader().filter((next) -> !next.equals(leader)).isPresent());
			logger.info("takeover after a stop: {} ms", Duration.ofNanos(System.nanoTime() - asked).toMillis());
			assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
		}
		finally {
			this.processes.forEach(Process::destroyForcibly);
		}
	}

	private void kill(long pid) throws InterruptedException {
		Process process = process(pid);
		process.destroyForcibly();
		process.waitFor(10, TimeUnit.SECONDS);
	}

	private Process process(long pid) {
		return this.processes.stream().filter((process) -> process.pid() == pid).findFirst().orElseThrow();
	}

	private void start(TestRedis redis) throws Exception {
		this.processes.add(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				CronMain.class.getName(), String.valueOf(redis.port()))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start());
	}

}
