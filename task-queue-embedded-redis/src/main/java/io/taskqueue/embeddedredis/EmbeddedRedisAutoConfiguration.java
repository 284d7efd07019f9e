package io.taskqueue.embeddedredis;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration that starts a Redis server for the application when none is
 * configured. Its connection details are what Spring Boot builds the application's
 * connection factory from, with Jedis or Lettuce.
 *
 * <p>
 * Every application context has a server of its own, which ends with the context; a
 * context shares that of its parent. The server starts when something first asks for it:
 * an application whose connection factory comes from elsewhere gets none. A bean of type
 * {@link EmbeddedRedisServer} takes the place of the one defined here.
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class)
@Conditional(OnNoRedisCondition.class)
public final class EmbeddedRedisAutoConfiguration {

	private static final Log logger = LogFactory.getLog(EmbeddedRedisAutoConfiguration.class);

	EmbeddedRedisAutoConfiguration() {
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	EmbeddedRedisServer embeddedRedisServer() {
		return EmbeddedRedisServer.start();
	}

	@Bean
	@Lazy
	DataRedisConnectionDetails embeddedRedisConnectionDetails(EmbeddedRedisServer server, Environment environment) {
		String address = server.host() + ":" + server.port();
		logger
			.warn("""
					No Redis is configured, so an embedded Redis server was started at %s. \
					It is for development and tests, NOT FOR PRODUCTION: by default its data is gone when the application stops. \
					Look into it with "redis-cli -p %d" or "asynqmon --redis-addr=%s". \
					To use a Redis of your own, set spring.data.redis.host or spring.data.redis.url."""
				.formatted(address, server.port(), address));
		int database = environment.getProperty("spring.data.redis.database", Integer.class, 0);
		return new EmbeddedRedisConnectionDetails(server, database);
	}

	private record EmbeddedRedisConnectionDetails(EmbeddedRedisServer server,
			int database) implements DataRedisConnectionDetails {

		@Override
		public Standalone getStandalone() {
			return Standalone.of(this.server.host(), this.server.port(), this.database);
		}

	}

}
