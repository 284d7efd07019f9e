package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.DecoratedRedisConnection;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.SetCondition;
import org.springframework.data.redis.connection.zset.Tuple;
import org.springframework.data.redis.core.types.Expiration;

/**
 * Everything the broker may ask of Redis, over the connections of one purpose. Safe for
 * use by several threads. All methods throw {@link TaskQueueUnavailableException} where
 * trying again may help and {@link TaskQueueRefusedException} where it will not; a driver
 * may have sent a command twice.
 */
final class RedisPort {

	private final Link link;

	RedisPort(Link link) {
		this.link = link;
	}

	/** Returns where Redis is, for messages. */
	String address() {
		return this.link.address();
	}

	/**
	 * Runs a script with one key, or with a prefix, which ends with a colon, of the keys
	 * that it works on.
	 */
	@Nullable Object eval(Script script, String key, Args args) {
		return eval(script, key.endsWith(":") ? whole(key) : List.of(Args.utf8(key)), args.values());
	}

	/**
	 * While a cluster moves a slot, some keys are at one node and some at another, and
	 * Redis looks for none but those that a script names. Of two names of which one does
	 * not exist it knows that they are not together, and answers TRYAGAIN; a single such
	 * name it would send to the node to come, where the script found half of the data.
	 */
	private static List<byte[]> whole(String prefix) {
		return List.of(Args.utf8(prefix), Args.utf8(prefix + "tq:"));
	}

	/**
	 * Runs a script, by its digest if Redis knows it. Arguments are not copied.
	 * @return the reply as it came: a {@code Long}, a {@code byte[]}, a list of such, or
	 * {@code null}; lists may be nested and contain {@code null}
	 */
	@Nullable Object eval(Script script, List<byte[]> keys, List<byte[]> args) {
		byte[][] keysAndArgs = new byte[keys.size() + args.size()][];
		int count = 0;
		for (byte[] key : keys) {
			keysAndArgs[count++] = key;
		}
		for (byte[] arg : args) {
			keysAndArgs[count++] = arg;
		}
		return run(script, (connection) -> eval(connection, script, keys.size(), keysAndArgs));
	}

	private @Nullable Object eval(RedisConnection connection, Script script, int keys, byte[][] keysAndArgs) {
		try {
			return this.link.eval(connection, script, true, keys, keysAndArgs);
		}
		catch (RuntimeException ex) {
			if (!RedisErrors.isUnknownScript(ex)) {
				throw ex;
			}
			return this.link.eval(connection, script, false, keys, keysAndArgs);
		}
	}

	/**
	 * Runs a script once for many keys, unless they are in different slots of a cluster.
	 * @param script answers an array with one element per key
	 * @param most how many keys one call may have
	 * @return the elements, in the order of the keys
	 */
	List<Reply> evalForEach(Script script, List<String> keys, int most, Args args) {
		int atATime = isCluster() ? 1 : most;
		List<Reply> answers = new ArrayList<>(keys.size());
		for (int first = 0; first < keys.size(); first += atATime) {
			List<byte[]> some = keys.subList(first, Math.min(first + atATime, keys.size()))
				.stream()
				.map(Args::utf8)
				.toList();
			Reply reply = Reply.of(script, eval(script, some, args.values()));
			while (reply.hasNext()) {
				answers.add(reply.array());
			}
		}
		return answers;
	}

	private boolean isCluster() {
		return Boolean.TRUE.equals(run("CLUSTER", (connection) -> {
			RedisConnection actual = connection;
			while (actual instanceof DecoratedRedisConnection decorated) {
				actual = decorated.getDelegate();
			}
			return actual instanceof RedisClusterConnection;
		}));
	}

	boolean exists(byte[] key) {
		return Boolean.TRUE.equals(run("EXISTS", (connection) -> connection.keyCommands().exists(key)));
	}

	byte @Nullable [] get(byte[] key) {
		return run("GET", (connection) -> connection.stringCommands().get(key));
	}

	/** Returns the values of keys, {@code null} for those that hold no string. */
	List<byte @Nullable []> mget(byte[]... keys) {
		// Spring Data does not say that single ones may be null
		List<byte[]> values = run("MGET", (connection) -> connection.stringCommands().mGet(keys));
		return (values != null) ? new ArrayList<byte @Nullable []>(values) : List.of();
	}

	void set(byte[] key, byte[] value) {
		run("SET", (connection) -> connection.stringCommands().set(key, value));
	}

	/**
	 * Sets a key that expires, unless it exists.
	 * @return whether it was set
	 */
	boolean setIfAbsent(byte[] key, byte[] value, Duration expires) {
		return Boolean.TRUE.equals(run("SET", (connection) -> connection.stringCommands()
			.set(key, value, SetCondition.ifAbsent(), Expiration.from(expires))));
	}

	void sadd(byte[] key, byte[] member) {
		run("SADD", (connection) -> connection.setCommands().sAdd(key, member));
	}

	boolean sismember(byte[] key, byte[] member) {
		return Boolean.TRUE.equals(run("SISMEMBER", (connection) -> connection.setCommands().sIsMember(key, member)));
	}

	void srem(byte[] key, byte[] member) {
		run("SREM", (connection) -> connection.setCommands().sRem(key, member));
	}

	Set<byte[]> smembers(byte[] key) {
		Set<byte[]> members = run("SMEMBERS", (connection) -> connection.setCommands().sMembers(key));
		return (members != null) ? members : Set.of();
	}

	/** Returns the members from one score to another, both included. */
	Set<byte[]> zrangeByScore(byte[] key, double from, double to) {
		Set<byte[]> members = run("ZRANGEBYSCORE",
				(connection) -> connection.zSetCommands().zRangeByScore(key, from, to));
		return (members != null) ? members : Set.of();
	}

	void zadd(byte[] key, double score, byte[] member) {
		run("ZADD", (connection) -> connection.zSetCommands().zAdd(key, score, member));
	}

	/** Returns whether it was a member. */
	boolean zrem(byte[] key, byte[] member) {
		Long removed = run("ZREM", (connection) -> connection.zSetCommands().zRem(key, member));
		return removed != null && removed == 1;
	}

	/** Removes the members up to a score, which is included. */
	void zremUpTo(byte[] key, double score) {
		run("ZREMRANGEBYSCORE",
				(connection) -> connection.zSetCommands().zRemRangeByScore(key, Double.NEGATIVE_INFINITY, score));
	}

	/** Returns all members with their scores. */
	Map<String, Double> members(byte[] key) {
		Set<Tuple> tuples = run("ZRANGE", (connection) -> connection.zSetCommands().zRangeWithScores(key, 0, -1));
		Map<String, Double> members = new LinkedHashMap<>();
		for (Tuple tuple : (tuples != null) ? tuples : Set.<Tuple>of()) {
			members.put(new String(tuple.getValue(), StandardCharsets.UTF_8), tuple.getScore());
		}
		return members;
	}

	void delete(byte[] key) {
		run("DEL", (connection) -> connection.keyCommands().del(key));
	}

	void publish(byte[] channel, byte[] message) {
		run("PUBLISH", (connection) -> connection.publish(channel, message));
	}

	/** Returns if Redis answers; of a cluster, if all nodes do. */
	void ping() {
		run("PING", RedisConnection::ping);
	}

	/**
	 * Returns one section of INFO by node. The only node of a server that is no cluster
	 * is called by the {@linkplain #address() address}.
	 */
	Map<String, Map<String, String>> info(String section) {
		Properties properties = run("INFO", (connection) -> connection.serverCommands().info(section));
		Map<String, Map<String, String>> nodes = new LinkedHashMap<>();
		if (properties != null) {
			for (String name : properties.stringPropertyNames()) {
				// Of a cluster, Spring Data puts host:port. before each name
				int dot = name.lastIndexOf('.');
				String node = (dot < 0) ? address() : name.substring(0, dot);
				nodes.computeIfAbsent(node, (key) -> new LinkedHashMap<>())
					.put(name.substring(dot + 1), properties.getProperty(name));
			}
		}
		return nodes;
	}

	/**
	 * Runs something with a connection, translating what fails.
	 * @param what what it is, for messages
	 */
	<T> @Nullable T run(Object what, Function<RedisConnection, @Nullable T> commands) {
		T result;
		try (RedisConnection connection = this.link.open()) {
			result = commands.apply(connection);
		}
		catch (RuntimeException ex) {
			this.link.failed(RedisErrors.kind(ex));
			throw RedisErrors.translate(what, address(), ex);
		}
		this.link.worked();
		return result;
	}

}
