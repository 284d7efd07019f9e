package io.taskqueue.redis;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What a native image must keep for Redis: the scripts, and what is looked up by name to
 * tell the drivers apart.
 */
final class RedisRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources()
			.registerPattern("io/taskqueue/redis/*.lua")
			.registerPattern("io/taskqueue/redis/include/*.lua");
		for (String driver : new String[] { RedisConnections.JEDIS, RedisConnections.LETTUCE }) {
			hints.reflection().registerTypeIfPresent(classLoader, driver, (type) -> {
				// To be found is all
			});
		}
		// See LettuceLink.configuration
		hints.reflection()
			.registerTypeIfPresent(classLoader,
					"org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory",
					(type) -> type.withField("configuration"));
	}

}
