package io.taskqueue.embeddedredis;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class EmbeddedRedisAutoConfigurationTest {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(EmbeddedRedisAutoConfiguration.class, DataRedisAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "jedis", "lettuce" })
	void startsWhenNoRedisIsConfigured(String clientType) {
		this.runner.withPropertyValues("spring.data.redis.client-type=" + clientType, "spring.data.redis.database=3")
			.run((context) -> {
				StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
				redis.opsForValue().set("key", "value");
				assertThat(redis.opsForValue().get("key")).isEqualTo("value");
				assertThat(context).hasSingleBean(RedisConnectionFactory.class)
					.hasSingleBean(
							clientType.equals("jedis") ? JedisConnectionFactory.class : LettuceConnectionFactory.class);
				assertThat(context.getBean(DataRedisConnectionDetails.class).getStandalone().getDatabase())
					.isEqualTo(3);
			});
	}

	@Test
	void stopsWithTheContext() {
		long[] pid = new long[1];
		this.runner.run((context) -> {
			pid[0] = context.getBean(EmbeddedRedisServer.class).pid();
			assertThat(ProcessHandle.of(pid[0])).isPresent();
		});
		assertThat(ProcessHandle.of(pid[0])).isEmpty();
	}

	@Test
	void warnsAgainstProductionAndSaysHowToConnect(CapturedOutput output) {
		this.runner.run((context) -> {
			String address = "127.0.0.1:" + context.getBean(EmbeddedRedisServer.class).port();
			assertThat(output).contains("WARN")
				.contains("embedded Redis server was started at " + address)
				.contains("NOT FOR PRODUCTION")
				.contains("redis-cli -p " + context.getBean(EmbeddedRedisServer.class).port())
				.contains("asynqmon --redis-addr=" + address);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "url=redis://localhost:6379", "host=localhost", "port=6379", "password=secret",
			"ssl.enabled=true", "sentinel.master=main", "sentinel.nodes[0]=localhost:26379",
			"cluster.nodes=localhost:7000", "masterreplica.nodes=localhost:6379" })
	void doesNotStartWhenAPropertySaysWhichRedis(String property) {
		// The default connection factory would want all properties of a mode.
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EmbeddedRedisAutoConfiguration.class))
			.withPropertyValues("spring.data.redis." + property)
			.run((context) -> {
				assertThat(context).doesNotHaveBean(EmbeddedRedisServer.class)
					.doesNotHaveBean(DataRedisConnectionDetails.class);
				String name = "spring.data.redis." + property.split("[.=]")[0];
				assertThat(message(context.getSourceApplicationContext())).contains("Redis is configured by " + name);
			});
	}

	@Test
	void doesNotStartWhenTheEnvironmentSaysWhichRedis() {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("SPRING_DATA_REDIS_HOST", "localhost"))))
			.run((context) -> assertThat(context).doesNotHaveBean(EmbeddedRedisServer.class));
	}

	/** The build does not know what will be configured where the application runs. */
	@Test
	void isLeftOutWhenTheApplicationIsProcessedAheadOfTime() {
		this.runner.withSystemProperties("spring.aot.processing=true").run((context) -> {
			assertThat(context).doesNotHaveBean(EmbeddedRedisServer.class);
			assertThat(message(context.getSourceApplicationContext())).contains("processed ahead of time");
		});
	}

	@Test
	void doesNotStartBesideAConnectionFactory() {
		this.runner.withUserConfiguration(ConnectionFactoryConfiguration.class).run((context) -> {
			assertThat(context).doesNotHaveBean(EmbeddedRedisServer.class);
			assertThat(message(context.getSourceApplicationContext()))
				.contains("Redis is configured by the RedisConnectionFactory bean ownConnectionFactory");
		});
	}

	@Test
	void doesNotStartBesideConnectionDetails() {
		this.runner.withUserConfiguration(ConnectionDetailsConfiguration.class).run((context) -> {
			assertThat(context).doesNotHaveBean(EmbeddedRedisServer.class)
				.hasSingleBean(DataRedisConnectionDetails.class);
			assertThat(message(context.getSourceApplicationContext()))
				.contains("Redis is configured by the DataRedisConnectionDetails bean ownConnectionDetails");
		});
	}

	@Test
	void doesNotStartBeforeItIsAskedFor(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EmbeddedRedisAutoConfiguration.class))
			.run((context) -> assertThat(output).doesNotContain("NOT FOR PRODUCTION"));
	}

	@Test
	void usesAServerOfTheUser() {
		this.runner.withUserConfiguration(ServerConfiguration.class).run((context) -> {
			assertThat(context).hasSingleBean(EmbeddedRedisServer.class);
			assertThat(context.getBean(DataRedisConnectionDetails.class).getStandalone().getPort())
				.isEqualTo(context.getBean("ownServer", EmbeddedRedisServer.class).port());
		});
	}

	@Test
	void eachContextHasItsOwn() {
		this.runner.run((one) -> {
			one.getBean(StringRedisTemplate.class).opsForValue().set("key", "one");
			this.runner.run((other) -> assertThat(other.getBean(StringRedisTemplate.class).hasKey("key")).isFalse());
			assertThat(one.getBean(StringRedisTemplate.class).opsForValue().get("key")).isEqualTo("one");
		});
	}

	@Test
	void aContextSharesThatOfItsParent() {
		this.runner.run((parent) -> this.runner.withParent(parent)
			.run((child) -> assertThat(child.getSourceApplicationContext().containsLocalBean("embeddedRedisServer"))
				.isFalse()));
	}

	@Test
	void failsWithTheReason() {
		this.runner.withSystemProperties("taskqueue.redis.server=/no/such/redis-server")
			.run((context) -> assertThat(context).getFailure()
				.hasRootCauseInstanceOf(EmbeddedRedisException.class)
				.rootCause()
				.hasMessageContaining("/no/such/redis-server"));
	}

	private static String message(ConfigurableApplicationContext context) {
		return ConditionEvaluationReport.get(context.getBeanFactory())
			.getConditionAndOutcomesBySource()
			.get(EmbeddedRedisAutoConfiguration.class.getName())
			.iterator()
			.next()
			.getOutcome()
			.getMessage();
	}

	@Configuration(proxyBeanMethods = false)
	static class ConnectionFactoryConfiguration {

		/** As an additional factory for the queue would be defined. */
		@Bean(defaultCandidate = false)
		RedisConnectionFactory ownConnectionFactory() {
			return new JedisConnectionFactory();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ConnectionDetailsConfiguration {

		@Bean
		DataRedisConnectionDetails ownConnectionDetails() {
			return new DataRedisConnectionDetails() {

				@Override
				public Standalone getStandalone() {
					return Standalone.of("localhost", 6379);
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ServerConfiguration {

		@Bean
		EmbeddedRedisServer ownServer() {
			return EmbeddedRedisServer.start("appendonly yes");
		}

	}

}
