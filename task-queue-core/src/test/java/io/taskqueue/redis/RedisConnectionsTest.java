package io.taskqueue.redis;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.taskqueue.testing.TestRedis;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

import org.springframework.beans.DirectFieldAccessor;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RedisConnectionsTest {

	private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);

	private final TestRedis redis = TestRedis.shared();

	@BeforeEach
	void flush() {
		this.redis.flushAll();
	}

	@ParameterizedTest
	@EnumSource
	void applicationsOwnFactoryIsLeftAlone(Driver driver) {
		RedisConnectionFactory application = switch (driver) {
			case JEDIS -> new JedisConnectionFactory(standalone(0));
			case LETTUCE -> new LettuceConnectionFactory(standalone(0));
		};
		try (RedisConnections connections = started(application)) {
			connections.scripts().ping();
			connections.leases().ping();
			assertThat(new DirectFieldAccessor(application).getPropertyValue("state")).hasToString("CREATED");
		}
		assertThat(new DirectFieldAccessor(application).getPropertyValue("state")).hasToString("CREATED");
	}

	@ParameterizedTest
	@EnumSource
	void databaseIsTheApplications(Driver driver) {
		try (RedisConnections connections = started(driver.factory(this.redis, standalone(3)));
				PushWatch watch = connections.watch(KEY);
				Jedis jedis = this.redis.jedis()) {
			jedis.select(3);
			jedis.lpush(KEY, KEY);
			assertThat(connections.scripts().exists(KEY)).isTrue();
			assertThat(connections.leases().exists(KEY)).isTrue();
			assertThat(watch.awaitPush(Duration.ofSeconds(1))).isTrue();
		}
	}

	@Test
	void customizersOfJedisAreKept() {
		JedisConnectionFactory application = new JedisConnectionFactory(standalone(0),
				JedisClientConfiguration.builder()
					.customizeClientConfig((config) -> config.clientName("customized").socketTimeoutMillis(60_000))
					.build());
		try (RedisConnections connections = started(application); Jedis jedis = this.redis.jedis()) {
			connections.scripts().ping();
			assertThat(jedis.clientList()).contains("name=customized");
			Object config = new DirectFieldAccessor(factory(application, Demand.Use.CALLS))
				.getPropertyValue("clientConfig");
			assertThat(config).hasFieldOrPropertyWithValue("socketTimeoutMillis", 2000)
				.hasFieldOrPropertyWithValue("clientName", "customized");
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientNameIsTheApplications(Driver driver) {
		RedisConnectionFactory application = switch (driver) {
			case JEDIS -> new JedisConnectionFactory(standalone(0),
					JedisClientConfiguration.builder().clientName("shop").build());
			case LETTUCE -> new LettuceConnectionFactory(standalone(0),
					LettuceClientConfiguration.builder().clientName("shop").build());
		};
		try (RedisConnections connections = started(application); Jedis jedis = this.redis.jedis()) {
			connections.scripts().ping();
			assertThat(jedis.clientList()).contains("name=shop");
		}
	}

	@Test
	void settingsOfLettuceAreKept() {
		ClusterClientOptions options = ClusterClientOptions.builder()
			.maxRedirects(9)
			.timeoutOptions(TimeoutOptions.builder().fixedTimeout(Duration.ofMinutes(5)).build())
			.build();
		LettuceConnectionFactory application = new LettuceConnectionFactory(standalone(0),
				LettuceClientConfiguration.builder()
					.clientOptions(options)
					.readFrom(ReadFrom.REPLICA)
					.useSsl()
					.startTls()
					.build());
		LettuceConnectionFactory scripts = (LettuceConnectionFactory) factory(application, Demand.Use.CALLS);
		LettuceClientConfiguration client = scripts.getClientConfiguration();
		assertThat(client.isUseSsl()).isTrue();
		assertThat(client.isStartTls()).isTrue();
		assertThat(client.getReadFrom()).isEmpty();
		assertThat(client.getCommandTimeout()).isEqualTo(Duration.ofSeconds(2));
		ClientOptions derived = client.getClientOptions().orElseThrow();
		assertThat(derived).isInstanceOfSatisfying(ClusterClientOptions.class,
				(cluster) -> assertThat(cluster.getMaxRedirects()).isEqualTo(9));
		assertThat(derived.getSocketOptions().getConnectTimeout()).isEqualTo(Duration.ofSeconds(2));
		assertThat(derived.isAutoReconnect()).isTrue();
		assertThat(scripts.getShareNativeConnection()).isTrue();
		LettuceConnectionFactory waits = (LettuceConnectionFactory) factory(application, Demand.Use.WAITS);
		assertThat(waits.getClientConfiguration().getCommandTimeout()).isEqualTo(Duration.ofSeconds(7));
		assertThat(waits.getShareNativeConnection()).isFalse();
	}

	@Test
	void settingsOfJedisAreKept() throws Exception {
		SSLContext context = SSLContext.getDefault();
		JedisConnectionFactory application = new JedisConnectionFactory(standalone(0),
				JedisClientConfiguration.builder().useSsl().sslSocketFactory(context.getSocketFactory()).build());
		JedisClientConfiguration client = ((JedisConnectionFactory) factory(application, Demand.Use.CALLS))
			.getClientConfiguration();
		assertThat(client.isUseSsl()).isTrue();
		assertThat(client.getSslSocketFactory()).isPresent();
		assertThat(client.getPoolConfig().orElseThrow().getMaxTotal()).isEqualTo(4);
		assertThat(client.getPoolConfig().orElseThrow().getTestOnBorrow()).isFalse();
	}

	@Test
	void lettuceOfAnyConfigurationIsFollowed() {
		RedisConfiguration standalone = standalone(0);
		assertThat(address(new LettuceConnectionFactory(standalone))).isEqualTo("127.0.0.1:" + this.redis.port());
		assertThat(address(new LettuceConnectionFactory("127.0.0.1", this.redis.port())))
			.isEqualTo("127.0.0.1:" + this.redis.port());
		assertThat(address(new LettuceConnectionFactory(new RedisSocketConfiguration("/tmp/redis.sock"))))
			.isEqualTo("socket /tmp/redis.sock");
	}

	@Test
	void masterAndReplicasAreFollowed() throws Exception {
		RedisStaticMasterReplicaConfiguration nodes = new RedisStaticMasterReplicaConfiguration("127.0.0.1",
				this.redis.port());
		useEverything(new LettuceConnectionFactory(nodes));
	}

	@ParameterizedTest
	@EnumSource
	void otherFactoriesAreUsedAsTheyAre(Driver driver) throws Exception {
		RedisConnectionFactory driverFactory = driver.factory(this.redis);
		RedisConnectionFactory application = (RedisConnectionFactory) Proxy.newProxyInstance(
				getClass().getClassLoader(), new Class<?>[] { RedisConnectionFactory.class }, (proxy, method, args) -> {
					try {
						return method.invoke(driverFactory, args);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
		useEverything(application);
		driverFactory.getConnection().ping();
	}

	private void useEverything(RedisConnectionFactory application) throws Exception {
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		try (RedisConnections connections = started(application);
				PushWatch watch = connections.watch(KEY);
				Subscription subscription = connections.subscribe(List.of(KEY),
						(channel, message) -> received.add(new String(message, StandardCharsets.UTF_8)));
				Jedis jedis = this.redis.jedis()) {
			assertThat(watch.awaitPush(Duration.ofMillis(20))).isFalse();
			Object reply = connections.scripts()
				.eval(Script.of("push", "return {redis.call('LPUSH', KEYS[1], ARGV[1])}"), List.of(KEY), List.of(KEY));
			assertThat(reply).isEqualTo(List.of(1L));
			assertThat(connections.leases().eval(Script.of("one", "return 1"), List.of(), List.of())).isEqualTo(1L);
			assertThat(watch.awaitPush(Duration.ofSeconds(4))).isTrue();
			await().until(() -> jedis.publish("key", "hello") == 1);
			assertThat(received.poll(4, TimeUnit.SECONDS)).isEqualTo("hello");
			assertThat(subscription).isNotNull();
		}
	}

	private static String address(RedisConnectionFactory application) {
		return RedisConnections.derive(application, new Demand(Demand.Use.CALLS, 4, Timeouts.defaults())).address();
	}

	private static Object factory(RedisConnectionFactory application, Demand.Use use) {
		Link link = RedisConnections.derive(application, new Demand(use, 4, Timeouts.defaults()));
		link.start();
		Object factory = new DirectFieldAccessor(link).getPropertyValue("factory");
		link.stop();
		return Objects.requireNonNull(factory);
	}

	private static RedisConnections started(RedisConnectionFactory application) {
		RedisConnections connections = new RedisConnections(application, 2, 2, Timeouts.defaults());
		connections.start();
		return connections;
	}

	private RedisStandaloneConfiguration standalone(int database) {
		RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(this.redis.host(),
				this.redis.port());
		configuration.setDatabase(database);
		return configuration;
	}

}
