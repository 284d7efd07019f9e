package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.RedisClusterConnection;

/**
 * Looks at a Redis before it is used: its version, whether it is a single server as
 * configured, whether it may throw tasks away, what its user may do, and whether a newer
 * version of this library has left data that this one does not understand.
 */
final class ServerCheck {

	private static final Logger logger = LoggerFactory.getLogger(ServerCheck.class);

	/** Version of our private data: neighbours of one major version run mixed. */
	private static final int SCHEMA = 1;

	private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

	/**
	 * How many keys are looked for to see whether one server has them all: of a cluster
	 * with two nodes, one in 65536 would pass.
	 */
	private static final int KEYS = 16;

	private final RedisPort redis;

	ServerCheck(RedisPort redis) {
		this.redis = redis;
	}

	/**
	 * Checks; the only thing it writes is the version of the namespace's private data.
	 * @param namespace the application's namespace
	 * @param queues the queues that it is going to use
	 * @throws TaskQueueException when Redis cannot be reached, refuses, or does not suit
	 */
	void run(String namespace, Collection<String> queues) {
		this.redis.ping();
		Map<String, Map<String, String>> servers = this.redis.info("server");
		servers.forEach((node, info) -> checkVersion(node, info.getOrDefault("redis_version", "")));
		if (!isCluster()) {
			servers.values().forEach((info) -> checkMode(namespace, info.getOrDefault("redis_mode", "")));
		}
		this.redis.info("memory").forEach(ServerCheck::checkEviction);
		new Permissions(this.redis).check(namespace, queues);
		checkSchema(namespace);
	}

	private boolean isCluster() {
		return Boolean.TRUE.equals(this.redis.run("connecting", RedisClusterConnection.class::isInstance));
	}

	private static void checkVersion(String node, String version) {
		Matcher parts = VERSION.matcher(version);
		if (!parts.matches()) {
			// Some look-alikes do not say; the first script will tell
			return;
		}
		int major = Integer.parseInt(parts.group(1));
		int minor = Integer.parseInt(parts.group(2));
		if (major < 6 || (major == 6 && minor < 2)) {
			throw new TaskQueueRefusedException(
					"Redis at %s is version %s; task queues need 6.2 or newer, or Valkey".formatted(node, version),
					Remedy.UPGRADE_REDIS, null);
		}
	}

	/**
	 * A cluster of one node, or one behind a proxy, serves all keys like a single server.
	 */
	private void checkMode(String namespace, String mode) {
		if (mode.equals("sentinel")) {
			throw new TaskQueueRefusedException(
					"Redis at %s is a Sentinel, but is configured as the server itself".formatted(this.redis.address()),
					Remedy.SENTINEL_AS_STANDALONE, null);
		}
		if (!mode.equals("cluster")) {
			return;
		}
		try {
			for (int i = 0; i < KEYS; i++) {
				this.redis.exists(Args.utf8("taskqueue:" + namespace + ":check:" + i));
			}
		}
		catch (TaskQueueUnavailableException ex) {
			throw new TaskQueueRefusedException(
					"Redis at %s is a node of a cluster, but is configured as a single server"
						.formatted(this.redis.address()),
					Remedy.CLUSTER_AS_STANDALONE, ex);
		}
	}

	private static void checkEviction(String node, Map<String, String> info) {
		String policy = info.getOrDefault("maxmemory_policy", "noeviction");
		boolean limited = !"0".equals(info.getOrDefault("maxmemory", "0"));
		if (limited && policy.startsWith("allkeys")) {
			throw new TaskQueueRefusedException(
					"Redis at %s throws any key away when its memory is full (maxmemory-policy %s): tasks would be lost without a trace"
						.formatted(node, policy),
					Remedy.NO_EVICTION, null);
		}
		if (limited && policy.startsWith("volatile")) {
			logger
				.warn("Redis at {} throws keys with an expiry away when its memory is full (maxmemory-policy {}): locks of "
						+ "unique tasks and answers to repeated calls can be lost. Set maxmemory-policy to noeviction.",
						node, policy);
		}
	}

	private void checkSchema(String namespace) {
		byte[] key = Args.utf8("taskqueue:" + namespace + ":schema");
		byte[] stored = this.redis.get(key);
		if (stored == null) {
			this.redis.set(key, Args.utf8(String.valueOf(SCHEMA)));
			return;
		}
		String version = new String(stored, StandardCharsets.UTF_8);
		if (VERSION.matcher(version + ".0").matches() && Integer.parseInt(version.split("\\.")[0]) > SCHEMA) {
			throw new TaskQueueRefusedException(
					"The data of namespace '%s' at %s was written by a newer version of this library (schema %s, this one knows %d)"
						.formatted(namespace, this.redis.address(), version, SCHEMA),
					Remedy.UPGRADE_APPLICATION, null);
		}
	}

}
