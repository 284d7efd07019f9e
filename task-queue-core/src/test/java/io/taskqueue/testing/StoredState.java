package io.taskqueue.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/**
 * What is in Redis, told key by key, to be written before a test or compared after it.
 * Names of keys are told without the queue's prefix; what begins with {@code tq:} is
 * ours. What is said of a key last counts.
 */
public final class StoredState {

	private static final Duration STATISTICS = Duration.ofDays(90);

	private final String queue;

	private final Instant now;

	private final KeyDump dump = new KeyDump();

	private final Map<String, Consumer<Jedis>> writes = new LinkedHashMap<>();

	/**
	 * Begins with nothing in Redis.
	 * @param queue the queue that is told of
	 * @param now the time of the day's counters
	 */
	public StoredState(String queue, Instant now) {
		this.queue = queue;
		this.now = now;
	}

	/** The queue is registered. */
	public StoredState registered() {
		return key(Keys.QUEUES, "set", List.of(this.queue), (jedis, key) -> jedis.sadd(key, KeyDump.bytes(this.queue)));
	}

	/** A list, leftmost first. */
	public StoredState list(String name, String... ids) {
		return (ids.length == 0) ? this : key(prefixed(name), "list", List.of(ids), (jedis, key) -> {
			for (String id : ids) {
				jedis.rpush(key, KeyDump.bytes(id));
			}
		});
	}

	/** The key is not there, whatever was said of it. */
	public StoredState without(String name) {
		this.dump.remove(prefixed(name));
		this.writes.remove(prefixed(name));
		return this;
	}

	/** A set. */
	public StoredState set(String name, String... members) {
		return key(prefixed(name), "set", List.of(members), (jedis, key) -> {
			for (String member : members) {
				jedis.sadd(key, KeyDump.bytes(member));
			}
		});
	}

	/** A sorted set: member, score, member, score and so on, by ascending score. */
	public StoredState zset(String name, Object... membersAndScores) {
		return (membersAndScores.length == 0) ? this
				: key(prefixed(name), "zset", texts(membersAndScores), (jedis, key) -> {
					for (int i = 0; i < membersAndScores.length; i += 2) {
						jedis.zadd(key, Double.parseDouble(membersAndScores[i + 1].toString()),
								KeyDump.bytes(membersAndScores[i].toString()));
					}
				});
	}

	/** A string. */
	public StoredState text(String name, Object value) {
		return key(prefixed(name), "string", texts(value),
				(jedis, key) -> jedis.set(key, KeyDump.bytes(value.toString())));
	}

	/** A string and the seconds of its life, a multiple of ten. */
	public StoredState text(String name, Object value, long seconds) {
		key(prefixed(name), "string", texts(value),
				(jedis, key) -> jedis.set(key, KeyDump.bytes(value.toString()), new SetParams().ex(seconds)));
		this.dump.expires(prefixed(name), seconds);
		return this;
	}

	/** A hash: field, value, field, value and so on. */
	public StoredState hash(String name, Object... fieldsAndValues) {
		List<String> content = texts(fieldsAndValues);
		return key(prefixed(name), "hash", content, (jedis, key) -> {
			for (int i = 0; i < content.size(); i += 2) {
				jedis.hset(key, KeyDump.bytes(content.get(i)), KeyDump.bytes(content.get(i + 1)));
			}
		});
	}

	/** A task's hash: its record and other fields. */
	public StoredState task(TaskMessage message, String state, Object... fieldsAndValues) {
		List<Object> fields = new ArrayList<>(List.of("msg", message.encode(), "state", state));
		fields.addAll(List.of(fieldsAndValues));
		return hash("t:" + message.id(), fields.toArray());
	}

	/** A unique lock and the seconds of its life, a multiple of ten. */
	public StoredState lock(String key, String id, long seconds) {
		key(key, "string", List.of(id),
				(jedis, bytes) -> jedis.set(bytes, KeyDump.bytes(id), new SetParams().ex(seconds)));
		this.dump.expires(key, seconds);
		return this;
	}

	/** The statistics of the day, and the same in all; what is zero is absent. */
	public StoredState counters(int processed, int failed) {
		return counter("processed", processed).counter("failed", failed);
	}

	private StoredState counter(String name, int count) {
		if (count > 0) {
			String day = name + ":" + LocalDate.ofInstant(this.now, ZoneOffset.UTC);
			long expires = this.now.plus(STATISTICS).getEpochSecond();
			text(name, count).text(day, count);
			this.dump.expires(prefixed(day), expires);
			this.writes.put(day + " (expires)", (jedis) -> jedis.expireAt(prefixed(day), expires));
		}
		return this;
	}

	/** A request that waits for a running task. */
	public StoredState next(String id, TaskMessage message, long due, long dueMillis, String lock, long lockSeconds) {
		return hash("tq:next", id, MessagePack.strings(message.encode(), due, dueMillis, lock, lockSeconds));
	}

	/** Writes this state. */
	void writeTo(Jedis jedis) {
		this.writes.values().forEach((write) -> write.accept(jedis));
	}

	KeyDump dump() {
		return this.dump;
	}

	private StoredState key(String key, String type, List<String> content, Write write) {
		this.dump.add(KeyDump.text(key.getBytes(StandardCharsets.UTF_8)), type, content);
		this.writes.put(key, (jedis) -> write.to(jedis, key.getBytes(StandardCharsets.UTF_8)));
		return this;
	}

	private String prefixed(String name) {
		return Keys.queue(this.queue) + name;
	}

	private static List<String> texts(Object... values) {
		List<String> texts = new ArrayList<>();
		for (Object value : values) {
			texts.add(KeyDump.text(value));
		}
		return texts;
	}

	@FunctionalInterface
	private interface Write {

		void to(Jedis jedis, byte[] key);

	}

}
