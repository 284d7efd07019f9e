package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.taskqueue.TaskQueueRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a Redis before it is used: its version, whether it may throw tasks away, and
 * whether a newer version of this library has left data that this one does not
 * understand.
 */
final class ServerCheck {

	private static final Logger logger = LoggerFactory.getLogger(ServerCheck.class);

	/** Version of our private data: neighbours of one major version run mixed. */
	private static final int SCHEMA = 1;

	private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

	private final RedisPort redis;

	ServerCheck(RedisPort redis) {
		this.redis = redis;
	}

	void run(String namespace) {
		this.redis.ping();
		this.redis.info("server").forEach((node, info) -> checkVersion(node, info.getOrDefault("redis_version", "")));
		this.redis.info("memory").forEach(this::checkEviction);
		checkSchema(namespace);
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
					"Redis at %s is version %s; task queues need 6.2 or newer (or Valkey). Upgrade it, or connect to another one."
						.formatted(node, version),
					null);
		}
	}

	private void checkEviction(String node, Map<String, String> info) {
		String policy = info.getOrDefault("maxmemory_policy", "noeviction");
		boolean limited = !"0".equals(info.getOrDefault("maxmemory", "0"));
		if (limited && !policy.equals("noeviction")) {
			logger.warn("Redis at {} evicts keys when its memory is full (maxmemory-policy {}): tasks can be lost "
					+ "without a trace. Set maxmemory-policy to noeviction.", node, policy);
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
					"The data of namespace '%s' at %s was written by a newer version of this library (schema %s, this one knows %d). Upgrade this application, or give it another task-queue.namespace."
						.formatted(namespace, this.redis.address(), version, SCHEMA),
					null);
		}
	}

}
