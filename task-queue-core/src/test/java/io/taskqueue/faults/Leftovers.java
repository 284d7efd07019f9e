package io.taskqueue.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.taskqueue.testing.Deployment;
import io.taskqueue.testing.TestRedis;
import io.taskqueue.wire.Keys;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ZRangeParams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is in Redis although all tasks are done and nobody should have left it there.
 */
final class Leftovers {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String QUEUE = Keys.queue(Scene.QUEUE);

	private static final Set<String> LASTING = Set.of(Keys.QUEUES, Keys.SERVERS, Keys.WORKERS, QUEUE + "processed",
			QUEUE + "failed", QUEUE + "tq:owners", "taskqueue:faults:schema");

	/** Kept by asynq for 90 days, or by us for a minute, or for the life of a worker. */
	private static final List<String> EXPIRING = List.of(QUEUE + "processed:", QUEUE + "tq:reply:", "asynq:servers:",
			"asynq:workers:");

	private Leftovers() {
	}

	/**
	 * Waits until nothing is left, with some worker alive to clean up.
	 * @param completed how many completions the counters have to show, and nothing else
	 */
	static void awaitNone(Deployment redis, int completed) {
		awaitNone(redis, completed, 0);
	}

	/**
	 * Waits until nothing is left, with some worker alive to clean up.
	 * @param processed how many attempts the counters have to show
	 * @param failed how many of them have to be failures
	 */
	static void awaitNone(Deployment redis, int processed, int failed) {
		awaitSettled(redis);
		try (Jedis jedis = redis.jedis()) {
			assertThat(count(jedis, "processed")).as("processed").isEqualTo(processed);
			assertThat(count(jedis, "failed")).as("failed").isEqualTo(failed);
		}
	}

	/** Waits until nothing is left, with some worker alive to clean up. */
	static void awaitSettled(Deployment redis) {
		try (Jedis jedis = redis.jedis()) {
			await().atMost(PATIENCE)
				.pollInterval(Duration.ofMillis(200))
				.untilAsserted(() -> assertThat(find(redis, jedis)).as("leftovers").isEmpty());
		}
	}

	private static int count(Jedis jedis, String counter) {
		String count = jedis.get(QUEUE + counter);
		return (count != null) ? Integer.parseInt(count) : 0;
	}

	private static Set<String> keys(Deployment redis) {
		Set<String> keys = new HashSet<>();
		for (TestRedis master : redis.masters()) {
			try (Jedis jedis = master.jedis()) {
				keys.addAll(jedis.keys("*"));
			}
		}
		return keys;
	}

	private static List<String> find(Deployment redis, Jedis jedis) {
		List<String> found = new ArrayList<>();
		for (String key : keys(redis)) {
			if (EXPIRING.stream().anyMatch(key::startsWith)) {
				// -2: it has gone meanwhile
				if (jedis.ttl(key) == -1) {
					found.add(key + " for ever");
				}
			}
			else if (!LASTING.contains(key)) {
				found.add(key);
			}
		}
		for (String owner : jedis.zrange(QUEUE + "tq:owners", 0, -1)) {
			if (!jedis.exists(Keys.server(owner))) {
				found.add("dead owner " + owner);
			}
		}
		for (String key : List.of(Keys.SERVERS, Keys.WORKERS)) {
			jedis.zrange(key, ZRangeParams.zrangeByScoreParams(0, Instant.now().getEpochSecond() - 2.0))
				.forEach((record) -> found.add("expired " + record + " in " + key));
		}
		return found;
	}

}
