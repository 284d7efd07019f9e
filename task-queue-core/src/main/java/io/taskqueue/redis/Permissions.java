package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.wire.Keys;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;

/**
 * Finds out by trying what the user of a connection may not do, and says how to allow it.
 * Nothing is left behind.
 */
final class Permissions {

	private static final Script PERMISSIONS = Script.load("permissions");

	private static final Pattern COMMAND = Pattern.compile("the '([a-z]+)");

	private static final Pattern KEY_REFUSED = Pattern.compile("NOPERM .* access .*key");

	private final RedisPort redis;

	Permissions(RedisPort redis) {
		this.redis = redis;
	}

	/**
	 * Tries all commands, and the keys and channels of a namespace and of some queues.
	 * @throws TaskQueueRefusedException naming everything that is missing
	 */
	void check(String namespace, Collection<String> queues) {
		Set<String> missing = new LinkedHashSet<>();
		String ours = "taskqueue:" + namespace + ":";
		missing.addAll(missing(ours + "*", ours + "check", Keys.cron(namespace) + "changed"));
		for (String queue : queues) {
			String prefix = Keys.queue(queue);
			missing.addAll(missing(prefix + "*", prefix + "tq:check", prefix + "tq:wake", Keys.CANCEL));
		}
		for (String key : List.of(Keys.QUEUES, Keys.SERVERS, Keys.WORKERS, Keys.SCHEDULERS)) {
			missing.addAll(missing(key + "*", key + ":{tq:check}"));
		}
		missing.addAll(missing("asynq:scheduler_history:*", Keys.schedulerHistory("tq:check")));
		if (!missing.isEmpty()) {
			throw new TaskQueueRefusedException("Redis at " + this.redis.address()
					+ " does not allow its user all that task queues need; missing: " + String.join(" ", missing),
					fix(user(), missing), null);
		}
	}

	private List<String> missing(String pattern, String key, String... channels) {
		Args args = new Args(channels.length);
		for (String channel : channels) {
			args.add(channel);
		}
		try {
			Reply reply = Reply.of(PERMISSIONS, this.redis.eval(PERMISSIONS, key, args));
			List<String> rules = new ArrayList<>();
			while (reply.hasNext()) {
				String rule = reply.text();
				rules.add(rule.equals("~") ? "~" + pattern : rule);
			}
			return rules;
		}
		catch (TaskQueueRefusedException ex) {
			// Of the keys that a call names itself, Redis does not even start the script
			if (KEY_REFUSED.matcher(String.valueOf(ex.getMessage())).find()) {
				return List.of("~" + pattern);
			}
			throw ex;
		}
	}

	/** Returns who we are, if Redis lets us ask. */
	private @Nullable String user() {
		try {
			Object name = this.redis.run("ACL WHOAMI",
					(RedisConnection connection) -> connection.execute("ACL", Args.utf8("WHOAMI")));
			return (name instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8) : null;
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/**
	 * Returns what to do about a refused command.
	 * @param said what Redis said, which names the command
	 */
	static String fix(String said) {
		Matcher command = COMMAND.matcher(said);
		if (!command.find()) {
			return fix(null, List.of("~asynq:*", "~taskqueue:*", "&asynq:*", "&taskqueue:*"));
		}
		String name = command.group(1);
		// Whoever lacks one of the two is going to need the other
		return fix(null, name.startsWith("eval") ? List.of("+eval", "+evalsha") : List.of("+" + name));
	}

	private static String fix(@Nullable String user, Collection<String> rules) {
		return """
				Allow it, on every node:

				    ACL SETUSER %s %s

				and keep it with ACL SAVE or CONFIG REWRITE. The manual lists all that task queues need (docs/configuration.md, \
				Permissions)."""
			.formatted((user != null) ? user : "<user>", String.join(" ", rules));
	}

}
