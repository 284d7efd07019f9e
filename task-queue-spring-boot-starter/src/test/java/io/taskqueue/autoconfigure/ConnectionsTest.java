package io.taskqueue.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.taskqueue.client.TaskTemplate;
import io.taskqueue.embeddedredis.EmbeddedRedisAutoConfiguration;
import io.taskqueue.embeddedredis.EmbeddedRedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever Spring Boot connects the application with, task queues connect with.
 */
@Timeout(60)
class ConnectionsTest {

	private static final String PASSWORD = "changeit";

	@TempDir
	private static Path files;

	private static EmbeddedRedisServer redis;

	private static TlsProxy tls;

	/** Only a user with the documented permissions gets in. */
	@BeforeAll
	static void start() throws IOException, InterruptedException {
		redis = EmbeddedRedisServer.start("unixsocket " + files.resolve("redis.sock"));
		JedisConnectionFactory factory = new JedisConnectionFactory(
				new RedisStandaloneConfiguration(redis.host(), redis.port()));
		factory.afterPropertiesSet();
		try (RedisConnection connection = factory.getConnection()) {
			acl(connection, documentedUser());
			// As documented for databases other than 0
			acl(connection, List.of("SETUSER", "app", "+select"));
			acl(connection, List.of("SETUSER", "default", "off"));
		}
		factory.destroy();
		createCertificate();
		tls = new TlsProxy(redis, bundle().createSslContext());
	}

	private static void acl(RedisConnection connection, List<String> command) {
		connection.execute("ACL", command.stream().map(String::getBytes).toArray(byte[][]::new));
	}

	private static List<String> documentedUser() throws IOException {
		Matcher line = Pattern.compile("^ACL (SETUSER app .*)$", Pattern.MULTILINE)
			.matcher(Files.readString(Path.of("../docs/configuration.md")));
		assertThat(line.find()).isTrue();
		return List.of(line.group(1).split(" "));
	}

	/** For both sides, each of which trusts it. */
	private static void createCertificate() throws IOException, InterruptedException {
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "redis", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
				"SAN=DNS:localhost,IP:127.0.0.1", "-storetype", "PKCS12", "-keystore", store(), "-storepass", PASSWORD)
			.inheritIO()
			.start();
		assertThat(keytool.waitFor()).isZero();
	}

	private static String store() {
		return files.resolve("redis.p12").toString();
	}

	private static SslBundle bundle() {
		JksSslStoreDetails store = new JksSslStoreDetails("PKCS12", null, "file:" + store(), PASSWORD);
		return SslBundle.of(new JksSslStoreBundle(store, store));
	}

	@AfterAll
	static void stop() throws IOException {
		tls.close();
		redis.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jedis", "lettuce" })
	void connectsAsTheUserOfTheProperties(String driver) {
		runner(driver)
			.withPropertyValues("spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port(),
					"spring.data.redis.username=app", "spring.data.redis.password=secret")
			.run(ConnectionsTest::assertRuns);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jedis", "lettuce" })
	void connectsByTlsWithTheBundleOfTheProperties(String driver) {
		runner(driver)
			.withPropertyValues("spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + tls.port(),
					"spring.data.redis.username=app", "spring.data.redis.password=secret",
					"spring.data.redis.ssl.bundle=redis", "spring.ssl.bundle.jks.redis.keystore.location=" + store(),
					"spring.ssl.bundle.jks.redis.keystore.password=" + PASSWORD,
					"spring.ssl.bundle.jks.redis.truststore.location=" + store(),
					"spring.ssl.bundle.jks.redis.truststore.password=" + PASSWORD)
			.run(ConnectionsTest::assertRuns);
	}

	/**
	 * A service connection of Testcontainers or Docker Compose is such a bean, registered
	 * before the auto-configuration.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "jedis", "lettuce" })
	void connectsWithAllThatConnectionDetailsSay(String driver) {
		runner(driver).withConfiguration(AutoConfigurations.of(EmbeddedRedisAutoConfiguration.class))
			.withInitializer((context) -> ((GenericApplicationContext) context).registerBean("serviceConnection",
					DataRedisConnectionDetails.class, ServiceConnection::new))
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedRedisServer.class);
				assertRuns(context);
				assertThat(databaseOf(context.getBean(RedisConnectionFactory.class))).isEqualTo(3);
				String queue = context.getEnvironment().getProperty("task-queue.default-queue");
				assertThat(context.getBean(StringRedisTemplate.class).opsForSet().isMember("asynq:queues", queue))
					.isTrue();
			});
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
	void connectsThroughAUnixSocket() {
		RedisSocketConfiguration socket = new RedisSocketConfiguration(files.resolve("redis.sock").toString());
		socket.setUsername("app");
		socket.setPassword("secret");
		runner("lettuce").withBean(RedisConnectionFactory.class, () -> new LettuceConnectionFactory(socket))
			.run(ConnectionsTest::assertRuns);
	}

	private static int databaseOf(RedisConnectionFactory factory) {
		return (factory instanceof JedisConnectionFactory jedis) ? jedis.getDatabase()
				: ((LettuceConnectionFactory) factory).getDatabase();
	}

	private static ApplicationContextRunner runner(String driver) {
		return RedisContexts.withoutRedis()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
			.withBean(Received.class)
			.withBean(RedisFailureTest.Handlers.class)
			.withPropertyValues("spring.data.redis.client-type=" + driver);
	}

	private static void assertRuns(AssertableApplicationContext context) throws InterruptedException {
		assertThat(context).hasNotFailed();
		context.getBean(TaskTemplate.class).enqueue("job");
		assertThat(context.getBean(Received.class).next()).isEqualTo("job");
	}

	private static final class ServiceConnection implements DataRedisConnectionDetails {

		@Override
		public String getUsername() {
			return "app";
		}

		@Override
		public String getPassword() {
			return "secret";
		}

		@Override
		public SslBundle getSslBundle() {
			return bundle();
		}

		@Override
		public Standalone getStandalone() {
			return Standalone.of(redis.host(), tls.port(), 3);
		}

	}

}
