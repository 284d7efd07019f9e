package io.taskqueue.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.embedded.core.ExecutableProvider;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A real Redis server on a free loopback port. {@link #shared()} is one server for the
 * whole test JVM, {@link #start(String...)} a private one that a test may kill and
 * restart. The server is the one shipped with embedded-redis (6.2), or the binary named
 * by the system property {@value #SERVER_PROPERTY}. All servers end with the JVM.
 */
public final class TestRedis implements Deployment {

	/** Names another redis-server (or valkey-server) to test with. */
	public static final String SERVER_PROPERTY = "taskqueue.redis.server";

	private static final String HOST = "127.0.0.1";

	private static final int FIRST_PORT = 11_000;

	/** From here on Linux takes ports for outgoing connections. */
	private static final int OUTGOING_PORTS = 32_768;

	/** How far above its port a cluster's node talks to the others. */
	private static final int BUS = 10_000;

	/** Which of the test JVMs side by side this is. */
	private static final int FORK = Integer.getInteger("surefire.forkNumber", 1);

	private static @Nullable Path executable;

	private static @Nullable TestRedis shared;

	private final int port;

	private final Path directory;

	private final ServerProcess process;

	private final List<AutoCloseable> factories = new ArrayList<>();

	private TestRedis(int port, Path directory, List<String> command) {
		this.port = port;
		this.directory = directory;
		this.process = new ServerProcess(command, port, directory.resolve("redis.log"));
	}

	/**
	 * Returns the server that all tests of this JVM share, started on first use. It keeps
	 * nothing on disk. Never kill or close it, and {@link #flushAll()} before each test.
	 */
	public static synchronized TestRedis shared() {
		TestRedis redis = shared;
		if (redis == null) {
			redis = start("--appendonly", "no");
			shared = redis;
		}
		return redis;
	}

	/**
	 * Starts a private server. It writes an append-only file, synced on every write, so
	 * that it survives {@link #kill()} and {@link #restart()} with all its data.
	 * @param config further arguments of redis-server, for example
	 * {@code "--maxmemory", "10mb"}; they override the defaults
	 */
	public static TestRedis start(String... config) {
		try {
			Path directory = Files.createTempDirectory("task-queue-redis");
			int port = freePort();
			List<String> command = new ArrayList<>(
					List.of(executable().toString(), "--port", String.valueOf(port), "--bind", HOST, "--dir",
							directory.toString(), "--save", "", "--appendonly", "yes", "--appendfsync", "always"));
			command.addAll(List.of(config));
			TestRedis redis = new TestRedis(port, directory, command);
			redis.process.start();
			return redis;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts a Sentinel that watches a master under the name {@code main}.
	 * @param master the master
	 */
	public static TestRedis startSentinel(TestRedis master) {
		try {
			Path directory = Files.createTempDirectory("task-queue-sentinel");
			Path file = directory.resolve("sentinel.conf");
			Files.writeString(file, "sentinel monitor main " + HOST + " " + master.port()
					+ " 1\nsentinel down-after-milliseconds main 500\nsentinel failover-timeout main 10000\n");
			int port = freePort();
			TestRedis sentinel = new TestRedis(port, directory, List.of(executable().toString(), file.toString(),
					"--sentinel", "--port", String.valueOf(port), "--bind", HOST, "--dir", directory.toString()));
			sentinel.process.start();
			return sentinel;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns the loopback port, the same for the life of this server. */
	public int port() {
		return this.port;
	}

	/** Returns the host. */
	public String host() {
		return HOST;
	}

	@Override
	public void flushAll() {
		try (Jedis jedis = jedis()) {
			jedis.flushAll();
			jedis.scriptFlush();
		}
	}

	@Override
	public Jedis jedis() {
		return new Jedis(HOST, this.port);
	}

	@Override
	public List<TestRedis> masters() {
		return List.of(this);
	}

	/** Returns where the server keeps its files. */
	Path directory() {
		return this.directory;
	}

	/** Returns whether the server runs and is no replica. */
	boolean isMaster() {
		try (Jedis jedis = jedis()) {
			return jedis.info("replication").contains("role:master");
		}
		catch (JedisConnectionException ex) {
			return false;
		}
	}

	/** Ends the server as if its machine had lost power. */
	public void kill() {
		this.process.kill();
	}

	/** Starts the server again on the same port with the same data, killing it first. */
	public void restart() {
		this.process.kill();
		this.process.start();
	}

	/**
	 * Stops the server's process without ending its connections, as a network that
	 * swallows everything, until {@link #thaw()}.
	 */
	public void freeze() {
		this.process.signal("STOP");
	}

	/** Lets the server go on after {@link #freeze()}. */
	public void thaw() {
		this.process.signal("CONT");
	}

	/** Returns a new started factory; it is closed with this server at the latest. */
	@Override
	public JedisConnectionFactory jedisFactory() {
		return jedisFactory(new RedisStandaloneConfiguration(HOST, this.port));
	}

	/** Returns a new started factory of the given configuration. */
	public JedisConnectionFactory jedisFactory(RedisStandaloneConfiguration configuration) {
		JedisConnectionFactory factory = new JedisConnectionFactory(configuration);
		factory.afterPropertiesSet();
		register(factory::destroy);
		return factory;
	}

	/** Returns a new started factory; it is closed with this server at the latest. */
	@Override
	public LettuceConnectionFactory lettuceFactory() {
		return lettuceFactory(new RedisStandaloneConfiguration(HOST, this.port));
	}

	/** Returns a new started factory of the given configuration. */
	public LettuceConnectionFactory lettuceFactory(RedisStandaloneConfiguration configuration) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(configuration);
		factory.afterPropertiesSet();
		register(factory::destroy);
		return factory;
	}

	@Override
	public void close() {
		List<AutoCloseable> open;
		synchronized (this) {
			open = List.copyOf(this.factories);
			this.factories.clear();
		}
		for (AutoCloseable factory : open) {
			try {
				factory.close();
			}
			catch (Exception ex) {
				throw new IllegalStateException("A connection factory cannot be closed", ex);
			}
		}
		kill();
		FileSystemUtils.deleteRecursively(this.directory.toFile());
	}

	@Override
	public String toString() {
		return "redis-server at " + HOST + ":" + this.port;
	}

	private synchronized void register(AutoCloseable factory) {
		this.factories.add(factory);
	}

	private static synchronized Path executable() {
		Path path = executable;
		if (path == null) {
			String named = System.getProperty(SERVER_PROPERTY);
			path = (named != null && !named.isBlank()) ? Path.of(named) : shipped();
			executable = path;
		}
		return path;
	}

	private static Path shipped() {
		try {
			File file = ExecutableProvider.newJarResourceProvider().get();
			file.deleteOnExit();
			return file.toPath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("redis-server cannot be unpacked", ex);
		}
	}

	/**
	 * Finds a port that is free together with the one that a cluster's node takes beside
	 * it. Both are below those that the system gives to outgoing connections, so that
	 * none of them takes one while the server starts. Of two test JVMs side by side each
	 * takes every second.
	 */
	static int freePort() {
		for (int attempt = 0; attempt < 1000; attempt++) {
			int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, OUTGOING_PORTS - BUS) / 2 * 2 + FORK % 2;
			if (isFree(port) && isFree(port + BUS)) {
				return port;
			}
		}
		throw new IllegalStateException("There is no free port");
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
