package io.taskqueue.redis;

import org.jspecify.annotations.Nullable;

/**
 * What to do about a Redis that does not serve, in the words of an application's
 * configuration.
 */
final class Remedy {

	static final String CLUSTER_AS_STANDALONE = """
			Name the cluster's nodes with spring.data.redis.cluster.nodes, such as host1:6379,host2:6379, in place of \
			spring.data.redis.host and spring.data.redis.port.""";

	static final String SENTINEL_AS_STANDALONE = """
			Name the Sentinels with spring.data.redis.sentinel.nodes and their master with \
			spring.data.redis.sentinel.master, in place of spring.data.redis.host and spring.data.redis.port.""";

	static final String STANDALONE_AS_CLUSTER = """
			Name the server with spring.data.redis.host and spring.data.redis.port, or spring.data.redis.url, and remove \
			spring.data.redis.cluster.nodes.""";

	static final String UPGRADE_REDIS = """
			Upgrade it to Redis 6.2 or newer, or to Valkey, or name another server with spring.data.redis.host and \
			spring.data.redis.port. For development and tests the module io.taskqueue:task-queue-embedded-redis starts one.""";

	static final String UPGRADE_APPLICATION = """
			Upgrade this application to the version of Task Queue that the others of its namespace use, or give it a \
			namespace of its own with task-queue.namespace.""";

	static final String NO_EVICTION = """
			Set maxmemory-policy to noeviction: in redis.conf, with "CONFIG SET maxmemory-policy noeviction" and "CONFIG \
			REWRITE", or in the settings of your provider. If the application's caches need an evicting Redis, give the task \
			queues another one: mark its RedisConnectionFactory bean with @TaskQueueConnectionFactory.""";

	private static final String PASSWORD = """
			Set spring.data.redis.password, and spring.data.redis.username if the server has named users; or write both into \
			spring.data.redis.url: redis://user:password@host:6379.""";

	private static final String CREDENTIALS = """
			Correct spring.data.redis.username and spring.data.redis.password, or those in spring.data.redis.url. The server \
			shows its users to an administrator with ACL LIST.""";

	private static final String PROTECTED = """
			The server accepts connections from its own host only. Set a password at the server (requirepass) and \
			spring.data.redis.password here, or bind it to the network on purpose with "protected-mode no".""";

	private Remedy() {
	}

	/**
	 * Returns what to do about an error reply.
	 * @param said the reply
	 * @return {@code null} if there is no advice
	 */
	static @Nullable String of(String said) {
		if (said.contains("NOAUTH")) {
			return PASSWORD;
		}
		if (said.contains("WRONGPASS")) {
			return CREDENTIALS;
		}
		if (said.contains("DENIED")) {
			return PROTECTED;
		}
		if (said.contains("NOPERM") || said.contains("user executing the script can't")
				|| said.contains("ACL failure")) {
			return Permissions.fix(said);
		}
		if (said.contains("cluster support disabled")) {
			return STANDALONE_AS_CLUSTER;
		}
		return said.contains("unknown command") ? UPGRADE_REDIS : null;
	}

}
