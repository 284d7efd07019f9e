package io.taskqueue.redis;

import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.builders.ClusterClientBuilder;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.connection.jedis.JedisClientBuilderCustomizer;
import org.springframework.data.redis.connection.jedis.JedisClientConfigBuilderCustomizer;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration.JedisClientConfigurationBuilder;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration.JedisSslClientConfigurationBuilder;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/**
 * A link through Jedis. Loaded only where Jedis is.
 */
final class JedisLink implements Link {

	private final Supplier<JedisFactory> factories;

	private final String address;

	private final Timeouts timeouts;

	private volatile @Nullable JedisFactory factory;

	private JedisLink(Supplier<JedisFactory> factories, String address, Timeouts timeouts) {
		this.factories = factories;
		this.address = address;
		this.timeouts = timeouts;
	}

	/**
	 * Derives a link from the application's factory.
	 * @return empty if it is not one of Jedis
	 */
	static Optional<Link> derive(RedisConnectionFactory application, Demand demand) {
		return (application instanceof JedisConnectionFactory jedis) ? Optional.of(derive(jedis, demand))
				: Optional.empty();
	}

	private static Link derive(JedisConnectionFactory application, Demand demand) {
		RedisClusterConfiguration cluster = application.getClusterConfiguration();
		RedisSentinelConfiguration sentinel = application.getSentinelConfiguration();
		RedisStandaloneConfiguration standalone = application.getStandaloneConfiguration();
		boolean pooled = !demand.dedicated() || cluster != null || sentinel != null;
		JedisClientConfiguration client = client(application.getClientConfiguration(), demand, pooled);
		if (cluster != null) {
			return link(cluster, demand, () -> new JedisFactory(cluster, client));
		}
		if (sentinel != null) {
			return link(sentinel, demand, () -> new JedisFactory(sentinel, client));
		}
		if (standalone != null) {
			return link(standalone, demand, () -> new JedisFactory(standalone, client, demand.dedicated()));
		}
		throw new IllegalArgumentException("The JedisConnectionFactory does not say where Redis is");
	}

	private static Link link(RedisConfiguration configuration, Demand demand, Supplier<JedisFactory> factories) {
		return new JedisLink(factories, Addresses.describe(configuration), demand.timeouts());
	}

	private static JedisClientConfiguration client(JedisClientConfiguration application, Demand demand,
			boolean pooled) {
		Timeouts timeouts = demand.timeouts();
		JedisClientConfigurationBuilder builder = JedisClientConfiguration.builder()
			.connectTimeout(timeouts.connect())
			.readTimeout(timeouts.command())
			.customizeClientConfig(timeoutsAfter(application.getClientConfigCustomizer(), timeouts))
			.customizeClient(retriesAfter(application.getClientCustomizer(), timeouts));
		application.getClientName().ifPresent(builder::clientName);
		if (application.isUseSsl()) {
			JedisSslClientConfigurationBuilder ssl = builder.useSsl();
			application.getSslSocketFactory().ifPresent(ssl::sslSocketFactory);
			application.getSslParameters().ifPresent(ssl::sslParameters);
			application.getHostnameVerifier().ifPresent(ssl::hostnameVerifier);
		}
		if (pooled) {
			builder.usePooling().poolConfig(pool(demand));
		}
		return builder.build();
	}

	/** The application's customizer, but with our time-outs. */
	private static JedisClientConfigBuilderCustomizer timeoutsAfter(
			Optional<JedisClientConfigBuilderCustomizer> application, Timeouts timeouts) {
		return (builder) -> {
			application.ifPresent((customizer) -> customizer.customize(builder));
			builder.connectionTimeoutMillis(Math.toIntExact(timeouts.connect().toMillis()))
				.socketTimeoutMillis(Math.toIntExact(timeouts.command().toMillis()));
		};
	}

	/**
	 * The application's customizer, but with retries that end with the time for a
	 * command: Jedis Cluster's default is five times as long.
	 */
	private static JedisClientBuilderCustomizer retriesAfter(Optional<JedisClientBuilderCustomizer> application,
			Timeouts timeouts) {
		return (builder) -> {
			application.ifPresent((customizer) -> customizer.customize(builder));
			if (builder instanceof ClusterClientBuilder<?> cluster) {
				cluster.maxTotalRetriesDuration(timeouts.command());
			}
		};
	}

	private static ConnectionPoolConfig pool(Demand demand) {
		ConnectionPoolConfig pool = new ConnectionPoolConfig();
		pool.setMaxTotal(demand.connections());
		pool.setMaxIdle(demand.connections());
		pool.setMaxWait(demand.timeouts().connect());
		// A broken connection is noticed by the call that meets it, see failed
		pool.setTestOnBorrow(false);
		return pool;
	}

	@Override
	public String address() {
		return this.address;
	}

	@Override
	public void start() {
		if (this.factory != null) {
			return;
		}
		// A factory that once failed to start never starts again
		JedisFactory fresh = this.factories.get();
		fresh.afterPropertiesSet();
		this.factory = fresh;
	}

	@Override
	public void stop() {
		JedisFactory current = this.factory;
		this.factory = null;
		if (current != null) {
			current.destroy();
		}
	}

	private JedisFactory factory() {
		JedisFactory current = this.factory;
		if (current == null) {
			throw new IllegalStateException("Connections have not been started, or have been closed");
		}
		return current;
	}

	@Override
	public RedisConnection open() {
		return factory().getConnection();
	}

	@Override
	public @Nullable Object eval(RedisConnection connection, Script script, boolean known, int keys,
			byte[][] keysAndArgs) {
		return evalRaw(connection, script, known, keys, keysAndArgs);
	}

	/** Jedis knows no reply types, and VALUE makes Spring Data leave alone what came. */
	static @Nullable Object evalRaw(RedisConnection connection, Script script, boolean known, int keys,
			byte[][] keysAndArgs) {
		return known ? connection.scriptingCommands().evalSha(script.sha(), ReturnType.VALUE, keys, keysAndArgs)
				: connection.scriptingCommands().eval(script.source(), ReturnType.VALUE, keys, keysAndArgs);
	}

	@Override
	public DedicatedConnection dedicate(byte[] key) {
		JedisFactory current = factory();
		return current.isRedisClusterAware() ? JedisDedicatedConnection.ofCluster(current.cluster(), key, this.timeouts)
				: JedisDedicatedConnection.of(current.getConnection(), this.timeouts);
	}

	@Override
	public void failed(RedisErrors.Kind kind) {
		JedisFactory current = this.factory;
		if (current == null) {
			return;
		}
		switch (kind) {
			case UNREACHABLE, TIMED_OUT, NOT_MASTER -> {
				current.dropIdle();
				current.refreshTopology();
			}
			default -> {
				// The connections are as good as before
			}
		}
	}

}
