package io.taskqueue.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.taskqueue.redis.Demand.Use;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.DirectFieldAccessor;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceSslClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A link through Lettuce. Loaded only where Lettuce is. Scripts of all threads share one
 * connection, on which Lettuce pipelines them.
 */
final class LettuceLink implements Link {

	/** A second time-out in a row means that the connection is dead, not just slow. */
	private static final int TIMEOUTS = 2;

	private static final long BETWEEN_RESETS = TimeUnit.SECONDS.toNanos(1);

	private final LettuceFactory factory;

	private final String address;

	private final Duration command;

	private final AtomicInteger timeoutsInARow = new AtomicInteger();

	private final AtomicLong resetAt = new AtomicLong(System.nanoTime() - 2 * BETWEEN_RESETS);

	private LettuceLink(LettuceFactory factory, String address, Duration command) {
		this.factory = factory;
		this.address = address;
		this.command = command;
	}

	/**
	 * Derives a link from the application's factory.
	 * @return empty if it is not one of Lettuce
	 */
	static Optional<Link> derive(RedisConnectionFactory application, Demand demand) {
		return (application instanceof LettuceConnectionFactory lettuce) ? Optional.of(derive(lettuce, demand))
				: Optional.empty();
	}

	private static Link derive(LettuceConnectionFactory application, Demand demand) {
		RedisConfiguration configuration = configuration(application, demand);
		LettuceClientConfiguration client = client(application.getClientConfiguration(), demand);
		LettuceFactory factory = new LettuceFactory(configuration, client, !demand.dedicated(),
				demand.timeouts().connect());
		factory.setEarlyStartup(false);
		factory.afterPropertiesSet();
		return new LettuceLink(factory, Addresses.describe(configuration), demand.timeouts().command());
	}

	private static RedisConfiguration configuration(LettuceConnectionFactory application, Demand demand) {
		RedisConfiguration configuration = configuration(application);
		if (demand.use() == Use.MESSAGES && configuration instanceof RedisStaticMasterReplicaConfiguration nodes) {
			// Spring Data cannot subscribe to these; any one node passes on all messages
			RedisStandaloneConfiguration first = new RedisStandaloneConfiguration(nodes.getNodes().get(0).getHostName(),
					nodes.getNodes().get(0).getPort());
			first.setDatabase(nodes.getDatabase());
			first.setUsername(nodes.getUsername());
			first.setPassword(nodes.getPassword());
			return first;
		}
		return configuration;
	}

	/**
	 * Asks the factory where Redis is. Master and replica nodes, and a standalone server
	 * given as a mere RedisConfiguration, are only to be found in its field; its
	 * accessors would say localhost.
	 */
	private static RedisConfiguration configuration(LettuceConnectionFactory application) {
		RedisConfiguration configuration = application.getClusterConfiguration();
		if (configuration == null) {
			configuration = application.getSentinelConfiguration();
		}
		if (configuration == null) {
			configuration = application.getSocketConfiguration();
		}
		if (configuration == null && new DirectFieldAccessor(application).isReadableProperty("configuration")
				&& new DirectFieldAccessor(application)
					.getPropertyValue("configuration") instanceof RedisConfiguration held) {
			configuration = held;
		}
		return (configuration != null) ? configuration : application.getStandaloneConfiguration();
	}

	/** Everything but ReadFrom: queues are read from the master. */
	private static LettuceClientConfiguration client(LettuceClientConfiguration application, Demand demand) {
		Timeouts timeouts = demand.timeouts();
		LettuceClientConfigurationBuilder builder = LettuceClientConfiguration.builder()
			.clientOptions(options(application.getClientOptions().orElseGet(ClientOptions::create), demand))
			.commandTimeout((demand.use() == Use.WAITS) ? timeouts.answer() : timeouts.command())
			.shutdownQuietPeriod(Duration.ZERO)
			.shutdownTimeout(application.getShutdownTimeout());
		application.getClientResources().ifPresent(builder::clientResources);
		application.getClientName().ifPresent(builder::clientName);
		application.getRedisCredentialsProviderFactory().ifPresent(builder::redisCredentialsProviderFactory);
		if (application.isUseSsl()) {
			LettuceSslClientConfigurationBuilder ssl = builder.useSsl().verifyPeer(application.getVerifyMode());
			if (application.isStartTls()) {
				ssl.startTls();
			}
		}
		return builder.build();
	}

	private static ClientOptions options(ClientOptions application, Demand demand) {
		// Of cluster options, these are cluster options again
		return application.mutate()
			.socketOptions(application.getSocketOptions().mutate().connectTimeout(demand.timeouts().connect()).build())
			.timeoutOptions(TimeoutOptions.enabled())
			// Who holds a connection wants to know that it broke
			.autoReconnect(!demand.dedicated())
			.build();
	}

	@Override
	public String address() {
		return this.address;
	}

	@Override
	public void start() {
		this.factory.start();
	}

	@Override
	public void stop() {
		this.factory.stop();
	}

	@Override
	public RedisConnection open() {
		return this.factory.getConnection();
	}

	@Override
	public @Nullable Object eval(RedisConnection connection, Script script, boolean known, int keys,
			byte[][] keysAndArgs) {
		return evalRaw((LettuceConnection) connection, this.command, script, known, keys, keysAndArgs);
	}

	/**
	 * Works on the native connection, because of the reply and to route by the first key.
	 */
	static @Nullable Object evalRaw(LettuceConnection connection, Duration timeout, Script script, boolean known,
			int keys, byte[][] keysAndArgs) {
		CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
		args.add(known ? script.sha() : script.source()).add(keys);
		for (int i = 0; i < keysAndArgs.length; i++) {
			if (i < keys) {
				args.addKey(keysAndArgs[i]);
			}
			else {
				args.addValue(keysAndArgs[i]);
			}
		}
		RedisClusterAsyncCommands<byte[], byte[]> commands = connection.getNativeConnection();
		RedisFuture<@Nullable Object> reply = commands.dispatch(known ? CommandType.EVALSHA : CommandType.EVAL,
				new LettuceReply(), args);
		return LettuceFutures.awaitOrCancel(reply, timeout.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public DedicatedConnection dedicate(byte[] key) {
		return new LettuceDedicatedConnection((LettuceConnection) this.factory.getConnection());
	}

	@Override
	public void worked() {
		if (this.timeoutsInARow.get() != 0) {
			this.timeoutsInARow.set(0);
		}
	}

	@Override
	public void failed(RedisErrors.Kind kind) {
		boolean dead = kind == RedisErrors.Kind.TIMED_OUT && this.timeoutsInARow.incrementAndGet() >= TIMEOUTS;
		if (dead || (kind == RedisErrors.Kind.NOT_MASTER && mayReset())) {
			this.timeoutsInARow.set(0);
			this.factory.resetConnection();
		}
		switch (kind) {
			case UNREACHABLE, TIMED_OUT, NOT_MASTER -> this.factory.refreshTopology();
			default -> {
				// The nodes are where they were
			}
		}
	}

	/** Callers that fail together are to reset the connection once. */
	private boolean mayReset() {
		long last = this.resetAt.get();
		long now = System.nanoTime();
		return now - last > BETWEEN_RESETS && this.resetAt.compareAndSet(last, now);
	}

}
