package io.taskqueue.autoconfigure;

import java.util.Map;

import org.apache.commons.logging.Log;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * Keeps the application's Lettuce as it was before Task Queue came. Spring Boot gives
 * Lettuce a pool wherever it finds commons-pool2, and Jedis, which the starter brings,
 * brings that: 8 connections for blocking and transactional commands, waited for without
 * limit. That is not what an application asked for that configures no pool, so for it the
 * default becomes none. Any {@code spring.data.redis.lettuce.pool.*} property counts as
 * asking, and leaves everything to Spring Boot.
 */
final class LettucePoolPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final String POOL = "spring.data.redis.lettuce.pool";

	private final Log logger;

	LettucePoolPostProcessor(DeferredLogFactory logs) {
		this.logger = logs.getLog(LettucePoolPostProcessor.class);
	}

	/** After the one that reads the application's configuration files. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		ClassLoader classes = application.getClassLoader();
		if (!ClassUtils.isPresent("io.lettuce.core.RedisClient", classes)
				|| !ClassUtils.isPresent("redis.clients.jedis.UnifiedJedis", classes) || isConfigured(environment)) {
			return;
		}
		environment.getPropertySources()
			.addLast(new MapPropertySource("taskQueueLettucePool", Map.of(POOL + ".enabled", false)));
		this.logger.info("Lettuce stays without a pool, though commons-pool2 is there: " + POOL + ".enabled=false");
	}

	private static boolean isConfigured(ConfigurableEnvironment environment) {
		ConfigurationPropertyName pool = ConfigurationPropertyName.of(POOL);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.containsDescendantOf(pool) == ConfigurationPropertyState.PRESENT
					|| source.getConfigurationProperty(pool.append("enabled")) != null) {
				return true;
			}
		}
		return false;
	}

}
