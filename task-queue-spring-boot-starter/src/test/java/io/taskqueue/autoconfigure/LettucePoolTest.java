package io.taskqueue.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.taskqueue.client.TaskTemplate;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications with Lettuce, next to which the starter puts Jedis and so commons-pool2.
 */
@Timeout(60)
class LettucePoolTest {

	@Test
	void anApplicationThatConfiguresNoPoolGetsNone() throws InterruptedException {
		try (ConfigurableApplicationContext context = run(new SpringApplicationBuilder())) {
			assertThat(lettuce(context)).isNotInstanceOf(LettucePoolingClientConfiguration.class);
			context.getBean(TaskTemplate.class).enqueue("job");
			assertThat(context.getBean(Received.class).next()).isEqualTo("job");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "enabled=true", "max-active=4" })
	void anApplicationThatConfiguresOneKeepsIt(String property) throws InterruptedException {
		try (ConfigurableApplicationContext context = run(new SpringApplicationBuilder(),
				"--spring.data.redis.lettuce.pool." + property)) {
			assertThat(lettuce(context)).isInstanceOf(LettucePoolingClientConfiguration.class);
			context.getBean(TaskTemplate.class).enqueue("job");
			assertThat(context.getBean(Received.class).next()).isEqualTo("job");
		}
	}

	@Test
	void withoutJedisThePoolIsLeftToSpringBoot() {
		FilteredClassLoader withoutJedis = new FilteredClassLoader("redis.clients.jedis");
		try (ConfigurableApplicationContext context = run(
				new SpringApplicationBuilder(new DefaultResourceLoader(withoutJedis)))) {
			assertThat(lettuce(context)).isInstanceOf(LettucePoolingClientConfiguration.class);
		}
	}

	private static LettuceClientConfiguration lettuce(ConfigurableApplicationContext context) {
		return context.getBean(LettuceConnectionFactory.class).getClientConfiguration();
	}

	/** With a whole application, since it is the environment that is seen to. */
	private static ConfigurableApplicationContext run(SpringApplicationBuilder builder, String... arguments) {
		SpringApplication application = builder.sources(Application.class)
			.web(WebApplicationType.NONE)
			.properties("spring.data.redis.host=" + RedisContexts.SERVER.host(),
					"spring.data.redis.port=" + RedisContexts.SERVER.port(), "task-queue.default-queue=lettuce-pool")
			.build();
		return application.run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, TaskQueueAutoConfiguration.class })
	@Import({ Received.class, RedisFailureTest.Handlers.class })
	static class Application {

	}

}
