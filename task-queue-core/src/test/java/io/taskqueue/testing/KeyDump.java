package io.taskqueue.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

import io.taskqueue.wire.TaskMessage;
import redis.clients.jedis.Jedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Everything that is in Redis, as lines of text: one per key, of a hash one per field.
 * Records are decoded if that loses nothing, else they are shown in hex, so that equal
 * lines mean equal bytes. asynq's part and ours are kept apart.
 * <p>
 * The expiry of a day's counter is its second, that of other keys what is left of their
 * life, rounded up to 10 s. Answers to batches ({@code tq:reply:*}) are left out, once it
 * is clear that they expire within a minute.
 */
public final class KeyDump {

	private static final byte[] READ = """
			local answers = {}
			for _, key in ipairs(redis.call('KEYS', '*')) do
				local type, content = redis.call('TYPE', key).ok, nil
				if type == 'string' then
					content = { redis.call('GET', key) }
				elseif type == 'list' then
					content = redis.call('LRANGE', key, 0, -1)
				elseif type == 'set' then
					content = redis.call('SMEMBERS', key)
				elseif type == 'zset' then
					content = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
				else
					content = redis.call('HGETALL', key)
				end
				local time = redis.call('TIME')
				answers[#answers + 1] = { key, type, redis.call('PTTL', key), time[1] .. '.' .. time[2], content }
			end
			return answers
			""".getBytes(StandardCharsets.UTF_8);

	private static final Pattern REPLY = Pattern.compile("asynq:\\{.*}:tq:reply:.+");

	private static final Pattern COUNTER_OF_DAY = Pattern.compile(".*:(processed|failed):\\d{4}-\\d\\d-\\d\\d");

	private final SortedMap<String, String> asynq = new TreeMap<>();

	private final SortedMap<String, String> ours = new TreeMap<>();

	/** Reads everything. */
	public static KeyDump of(Deployment redis) {
		KeyDump dump = new KeyDump();
		for (TestRedis master : redis.masters()) {
			try (Jedis jedis = master.jedis()) {
				dump.read(jedis);
			}
		}
		return dump;
	}

	/** Reads everything on one server. */
	public static KeyDump of(Jedis jedis) {
		KeyDump dump = new KeyDump();
		dump.read(jedis);
		return dump;
	}

	private void read(Jedis jedis) {
		for (Object entry : (List<?>) jedis.eval(READ)) {
			List<?> parts = (List<?>) entry;
			String key = text(parts.get(0));
			long millis = (Long) parts.get(2);
			if (REPLY.matcher(key).matches()) {
				assertThat(millis).as("life of " + key).isBetween(0L, 60_000L);
				continue;
			}
			List<String> content = new ArrayList<>();
			((List<?>) parts.get(4)).forEach((value) -> content.add(text(value)));
			add(key, text(parts.get(1)), content);
			if (millis >= 0) {
				expires(key, COUNTER_OF_DAY.matcher(key).matches() ? second(text(parts.get(3)), millis)
						: 10 * ((millis + 9_999) / 10_000));
			}
		}
	}

	/** Returns asynq's part. */
	public SortedMap<String, String> asynq() {
		return Collections.unmodifiableSortedMap(this.asynq);
	}

	/** Returns our private part. */
	public SortedMap<String, String> ours() {
		return Collections.unmodifiableSortedMap(this.ours);
	}

	/** Adds a key with its content as Redis lists it, in place of what was said of it. */
	void add(String key, String type, List<String> content) {
		remove(key);
		if (!type.equals("hash")) {
			put(key, type + " " + readable(type, content));
			return;
		}
		for (int i = 0; i < content.size(); i += 2) {
			String field = content.get(i);
			put(key + " " + field, field.equals("msg") ? record(content.get(i + 1)) : content.get(i + 1));
		}
	}

	/** Removes a key. */
	void remove(String key) {
		for (SortedMap<String, String> part : List.of(this.asynq, this.ours)) {
			part.remove(key);
			part.subMap(key + " ", key + "!").clear();
		}
	}

	/** Says when a key expires. */
	void expires(String key, long expiry) {
		put(key + " (expires)", String.valueOf(expiry));
	}

	private void put(String line, String value) {
		boolean privately = line.contains("}:tq:") || line.startsWith("tq:", line.lastIndexOf(' ') + 1);
		(privately ? this.ours : this.asynq).put(line, value);
	}

	private static String readable(String type, List<String> content) {
		return switch (type) {
			case "string" -> content.get(0);
			case "set" -> content.stream().sorted().toList().toString();
			default -> content.toString();
		};
	}

	/** Redis's clock and the rest of a key's life give a second, but for the rounding. */
	private static long second(String time, long millis) {
		int dot = time.indexOf('.');
		long micros = Long.parseLong(time.substring(0, dot)) * 1_000_000 + Long.parseLong(time.substring(dot + 1));
		return Math.round((micros / 1000 + millis) / 1000.0);
	}

	private static String record(String text) {
		byte[] bytes = bytes(text);
		try {
			TaskMessage message = TaskMessage.decode(bytes);
			if (Arrays.equals(message.encode(), bytes)) {
				return describe(message);
			}
		}
		catch (IllegalArgumentException ex) {
			// Not a record
		}
		return "0x" + HexFormat.of().formatHex(bytes);
	}

	private static String describe(TaskMessage message) {
		StringBuilder text = new StringBuilder(message.type()).append('(')
			.append(new String(message.payload(), StandardCharsets.ISO_8859_1))
			.append(')');
		Object[] named = { "id", message.id(), "queue", message.queue(), "retry", message.retry(), "retried",
				message.retried(), "error", message.errorMsg(), "timeout", message.timeout(), "deadline",
				message.deadline(), "unique", message.uniqueKey(), "failed", message.lastFailedAt(), "retention",
				message.retention(), "completed", message.completedAt(), "group", message.groupKey(), "headers",
				message.headers() };
		for (int i = 0; i < named.length; i += 2) {
			String value = named[i + 1].toString();
			if (!value.isEmpty() && !value.equals("0") && !value.equals("{}")) {
				text.append(' ').append(named[i]).append('=').append(value);
			}
		}
		return text.toString();
	}

	/** Bytes are kept as the characters of ISO 8859-1, one for one. */
	static String text(Object value) {
		return (value instanceof byte[] bytes) ? new String(bytes, StandardCharsets.ISO_8859_1) : value.toString();
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	/** Fails with the differences unless the two are the same. */
	public void assertIs(KeyDump expected) {
		String differences = differences("asynq's part", this.asynq, expected.asynq)
				+ differences("our private part", this.ours, expected.ours);
		assertThat(differences).as("differences between what is in Redis (+) and what should be (-)").isEmpty();
	}

	private static String differences(String what, SortedMap<String, String> actual,
			SortedMap<String, String> expected) {
		StringBuilder text = new StringBuilder();
		SortedMap<String, String> all = new TreeMap<>(expected);
		all.putAll(actual);
		for (String line : all.keySet()) {
			String is = actual.get(line);
			String should = expected.get(line);
			if (is == null || !is.equals(should)) {
				text.append((should != null) ? "\n- " + line + " = " + should : "");
				text.append((is != null) ? "\n+ " + line + " = " + is : "");
			}
		}
		return text.isEmpty() ? "" : "\n" + what + ":" + text;
	}

	@Override
	public String toString() {
		return differences("asynq's part", this.asynq, new TreeMap<>())
				+ differences("our private part", this.ours, new TreeMap<>());
	}

}
