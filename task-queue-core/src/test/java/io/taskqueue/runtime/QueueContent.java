package io.taskqueue.runtime;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.taskqueue.testing.Deployment;
import io.taskqueue.wire.Keys;
import redis.clients.jedis.Jedis;

/**
 * What Redis holds of a queue, looked at past everything else.
 */
final class QueueContent {

	private static final List<String> LASTING = List.of("processed", "failed", "tq:owners", "tq:reply:");

	private final Deployment redis;

	private final String prefix;

	QueueContent(Deployment redis, String queue) {
		this.redis = redis;
		this.prefix = Keys.queue(queue);
	}

	/** Returns a counter's value, 0 where it has never counted. */
	long counter(String name) {
		try (Jedis jedis = this.redis.jedis()) {
			String value = jedis.get(this.prefix + name);
			return (value != null) ? Long.parseLong(value) : 0;
		}
	}

	/** Returns the ids of a list or sorted set, in its order. */
	List<String> ids(String state) {
		try (Jedis jedis = this.redis.jedis()) {
			String key = this.prefix + state;
			return "list".equals(jedis.type(key)) ? jedis.lrange(key, 0, -1) : jedis.zrange(key, 0, -1);
		}
	}

	/** Returns the fields of a task's hash. */
	Map<String, String> task(String id) {
		try (Jedis jedis = this.redis.jedis()) {
			return jedis.hgetAll(this.prefix + "t:" + id);
		}
	}

	/** Returns the names of all keys that belong to tasks, not to statistics and such. */
	Set<String> keysOfTasks() {
		try (Jedis jedis = this.redis.nodeOf(this.prefix).jedis()) {
			Set<String> keys = new TreeSet<>();
			for (String key : jedis.keys(this.prefix.replace("{", "\\{") + "*")) {
				String name = key.substring(this.prefix.length());
				if (LASTING.stream().noneMatch(name::startsWith)) {
					keys.add(name);
				}
			}
			return keys;
		}
	}

}
