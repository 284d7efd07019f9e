package io.taskqueue.runtime;

import java.time.Duration;
import java.util.Set;

/**
 * What concerns the connection to Redis and everybody who uses it. Immutable; checks
 * itself when built.
 *
 * @param namespace separates what applications keep beside their queues in one Redis: not
 * blank, no braces
 * @param connections how many scripts may run at a time over Jedis (Lettuce needs one
 * connection for all); at least 1
 * @param connectTimeout the limit for making a connection
 * @param commandTimeout the limit for an answer of Redis
 * @param archiveSize below how many tasks the archive of a queue is kept
 * @param archiveAge for how long archived tasks are kept
 * @param queues the queues that are going to be used as far as they are known, for which
 * the permissions are tried
 */
public record TaskQueueOptions(String namespace, int connections, Duration connectTimeout, Duration commandTimeout,
		int archiveSize, Duration archiveAge, Set<String> queues) {

	public TaskQueueOptions {
		require(!namespace.isBlank() && !namespace.contains("{") && !namespace.contains("}"),
				"namespace must not be blank or contain braces: '" + namespace + "'");
		require(connections >= 1, "connections must be at least 1: " + connections);
		require(connectTimeout.toMillis() > 0, "connectTimeout must be positive: " + connectTimeout);
		require(commandTimeout.toMillis() > 0, "commandTimeout must be positive: " + commandTimeout);
		require(archiveSize >= 1, "archiveSize must be at least 1: " + archiveSize);
		require(archiveAge.toSeconds() > 0, "archiveAge must be at least a second: " + archiveAge);
		queues = Set.copyOf(queues);
	}

	/**
	 * Returns the defaults: 8 connections, 2 s to connect and to answer, asynq's archive
	 * of 10 000 tasks and 90 days, the queue {@code default}.
	 */
	public static TaskQueueOptions standard(String namespace) {
		return new TaskQueueOptions(namespace, 8, Duration.ofSeconds(2), Duration.ofSeconds(2), 10_000,
				Duration.ofDays(90), Set.of("default"));
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

}
