package io.taskqueue.embeddedredis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

/**
 * A real {@code redis-server} process that lives no longer than this JVM. For development
 * and tests; needs no Spring context.
 *
 * <pre>{@code
 * try (EmbeddedRedisServer redis = EmbeddedRedisServer.start("appendonly yes")) {
 *     connect(redis.host(), redis.port());
 *     redis.kill();
 *     redis.restart();
 * }
 * }</pre>
 *
 * It runs the server that the system property {@code taskqueue.redis.server} names, else
 * the one bundled for this platform. It listens on the loopback interface only and keeps
 * nothing on disk unless told to. When the JVM ends without {@link #close()}, even by
 * SIGKILL, the server is killed and its files are removed.
 *
 * <p>
 * Safe for use by several threads.
 */
public final class EmbeddedRedisServer implements AutoCloseable {

	private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

	private static final long POLL_MILLIS = 5;

	private static final int LAST_LINES = 20;

	/**
	 * Held while a server is unpacked or launched: a process forked in the middle of
	 * unpacking would hold the file open for writing, and then it cannot be executed.
	 */
	private static final Object LAUNCHING = new Object();

	private final Path home;

	private final ServerPort port;

	private final Duration startTimeout;

	private final Path binary;

	private @Nullable Process process;

	private boolean closed;

	private EmbeddedRedisServer(Path home, Duration startTimeout, List<String> config) throws IOException {
		this.home = home;
		this.startTimeout = startTimeout;
		this.port = ServerPort.of(config);
		synchronized (LAUNCHING) {
			this.binary = ServerBinary.locate(System.getProperty("os.name"), System.getProperty("os.arch"), home);
		}
		try (InputStream watchdog = Objects
			.requireNonNull(EmbeddedRedisServer.class.getResourceAsStream("watchdog.sh"))) {
			Files.copy(watchdog, home.resolve("watchdog.sh"));
		}
		List<String> lines = new ArrayList<>();
		lines.addAll(List.of("bind " + ServerPort.HOST, "protected-mode yes", "save \"\"", "appendonly no",
				"dir \"" + home + '"'));
		lines.addAll(config);
		lines.addAll(List.of("port " + port(), "pidfile \"" + pidFile() + '"'));
		Files.write(home.resolve("redis.conf"), lines);
	}

	/**
	 * Starts a server and returns when it answers.
	 * @param config lines as in {@code redis.conf}, such as {@code "appendonly yes"}.
	 * They overrule the defaults: a free port, no persistence, and a {@code dir} that is
	 * removed on close. A {@code dir} given here must exist and is kept.
	 * @throws EmbeddedRedisException if there is no server for this platform or it does
	 * not answer within 10 seconds; the message shows its last output
	 */
	public static EmbeddedRedisServer start(String... config) {
		return start(START_TIMEOUT, config);
	}

	static EmbeddedRedisServer start(Duration timeout, String... config) {
		Path home = null;
		try {
			home = Files.createTempDirectory("task-queue-redis-").toAbsolutePath();
			EmbeddedRedisServer server = new EmbeddedRedisServer(home, timeout, List.of(config));
			server.launch();
			return server;
		}
		catch (IOException ex) {
			remove(home);
			throw new EmbeddedRedisException("Cannot prepare a Redis server in " + home + ": " + ex + ".",
					ServerBinary.WAYS_OUT);
		}
		catch (RuntimeException ex) {
			remove(home);
			throw ex;
		}
	}

	/**
	 * Returns the address that the server listens on.
	 */
	public String host() {
		return ServerPort.HOST;
	}

	/**
	 * Returns the port that the server listens on; a restart does not change it.
	 */
	public int port() {
		return this.port.number();
	}

	/**
	 * Returns the id of the server's process, for example to send it a signal; a restart
	 * changes it.
	 */
	public long pid() {
		try {
			return Long.parseLong(Files.readString(pidFile()).trim());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Redis on port " + port() + " is not running", ex);
		}
	}

	/**
	 * Kills the server with SIGKILL, as a crash would, and returns when it is gone. Does
	 * nothing if it is gone already.
	 */
	public synchronized void kill() {
		end("KILL");
	}

	/**
	 * Starts the server again, with the same port, configuration and {@code dir}. One
	 * that is still running is stopped first, so that it can save its data.
	 * @throws EmbeddedRedisException as {@link #start(String...)} does; it can be tried
	 * again
	 * @throws IllegalStateException if this server has been closed
	 */
	public synchronized void restart() {
		if (this.closed) {
			throw new IllegalStateException("Redis on port " + port() + " has been closed for good: start another one");
		}
		end("TERM");
		try {
			launch();
		}
		catch (IOException ex) {
			throw new EmbeddedRedisException("Cannot restart Redis in " + this.home + ": " + ex + ".",
					ServerBinary.WAYS_OUT);
		}
	}

	/**
	 * Stops the server and removes its files, except for a {@code dir} that was given to
	 * it. Does nothing when repeated.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		end("TERM");
		remove(this.home);
	}

	private void launch() throws IOException {
		// A killed server leaves its own behind.
		Files.deleteIfExists(pidFile());
		Process started;
		synchronized (LAUNCHING) {
			started = new ProcessBuilder("/bin/sh", this.home.resolve("watchdog.sh").toString(), this.home.toString(),
					this.binary.toString(), this.home.resolve("redis.conf").toString())
				.redirectErrorStream(true)
				.redirectOutput(log().toFile())
				.start();
		}
		this.process = started;
		awaitReady(started);
	}

	private void awaitReady(Process started) {
		long since = System.nanoTime();
		try {
			while (!isReady()) {
				if (started.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
					throw notStarted("it ended with status " + started.exitValue());
				}
				if (System.nanoTime() - since > this.startTimeout.toNanos()) {
					throw notStarted(
							"it did not answer on port " + port() + " within " + this.startTimeout.toSeconds() + " s");
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw notStarted("the thread that waited for it was interrupted");
		}
	}

	private EmbeddedRedisException notStarted(String reason) {
		end("KILL");
		return new EmbeddedRedisException(
				"Redis did not start: " + reason + ". The last output of " + this.binary + ":\n" + lastOutput(),
				ServerBinary.WAYS_OUT);
	}

	private String lastOutput() {
		try {
			List<String> lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8).lines().toList();
			return lines.isEmpty() ? "  (nothing)"
					: lines.stream()
						.skip(Math.max(0, lines.size() - LAST_LINES))
						.map((line) -> "  " + line)
						.collect(Collectors.joining("\n"));
		}
		catch (IOException ex) {
			return "  (unreadable: " + ex + ")";
		}
	}

	private boolean isReady() {
		// Written once the port is ours: no other server's answer is mistaken for it.
		return Files.exists(pidFile()) && this.port.answers();
	}

	/** Returns when the server's process and its watchdog are gone. */
	private void end(String signal) {
		if (this.process == null || endsAfter(signal, this.process) || endsAfter("KILL", this.process)) {
			return;
		}
		throw new IllegalStateException("Redis on port " + port() + " cannot be ended: end process "
				+ this.process.pid() + " and its children by hand");
	}

	private static boolean endsAfter(String signal, Process process) {
		try {
			OutputStream watchdog = process.getOutputStream();
			watchdog.write((signal + '\n').getBytes(StandardCharsets.US_ASCII));
			watchdog.flush();
		}
		catch (IOException ex) {
			// It has ended or is about to.
		}
		// Not to be interrupted: what follows relies on it, and it is short.
		process.onExit().completeOnTimeout(process, STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
		return !process.isAlive();
	}

	private static void remove(@Nullable Path home) {
		try {
			FileSystemUtils.deleteRecursively(home);
		}
		catch (IOException ex) {
			// Left to whoever clears the temporary directory; the server is gone.
		}
	}

	private Path pidFile() {
		return this.home.resolve("redis.pid");
	}

	private Path log() {
		return this.home.resolve("redis.log");
	}

}
