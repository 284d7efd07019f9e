package io.taskqueue.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The process of a Redis server, which ends with the JVM at the latest.
 */
final class ServerProcess {

	private static final Duration START = Duration.ofSeconds(20);

	private static final Set<Process> PROCESSES = ConcurrentHashMap.newKeySet();

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> PROCESSES.forEach(Process::destroyForcibly)));
	}

	private final List<String> command;

	private final int port;

	private final Path log;

	private @Nullable Process process;

	ServerProcess(List<String> command, int port, Path log) {
		this.command = command;
		this.port = port;
		this.log = log;
	}

	/** Starts, and waits until the server serves. */
	synchronized void start() {
		try {
			Process started = new ProcessBuilder(this.command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()))
				.start();
			PROCESSES.add(started);
			this.process = started;
			awaitReady(started);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("redis-server cannot be started: " + this.command, ex);
		}
	}

	/** Ends at once, and waits for the end; does nothing if not running. */
	synchronized void kill() {
		Process running = this.process;
		this.process = null;
		if (running == null) {
			return;
		}
		running.destroyForcibly();
		try {
			running.waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while redis-server was ending", ex);
		}
		PROCESSES.remove(running);
	}

	/** Sends a signal, without the prefix SIG. */
	synchronized void signal(String signal) {
		Process running = this.process;
		if (running == null) {
			throw new IllegalStateException("redis-server is not running");
		}
		try {
			int code = new ProcessBuilder("kill", "-" + signal, String.valueOf(running.pid())).start().waitFor();
			if (code != 0) {
				throw new IllegalStateException("kill -" + signal + " failed with " + code);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private void awaitReady(Process started) throws IOException {
		long deadline = System.nanoTime() + START.toNanos();
		while (!answers()) {
			if (!started.isAlive() || System.nanoTime() - deadline > 0) {
				started.destroyForcibly();
				throw new IllegalStateException("redis-server did not start:\n" + Files.readString(this.log));
			}
			try {
				started.waitFor(20, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("Interrupted while redis-server was starting", ex);
			}
		}
	}

	/** Whether the server answers and has loaded its data; a refusal is an answer. */
	private boolean answers() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), 1000);
			socket.setSoTimeout(1000);
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
			return answer.startsWith("+PONG") || answer.startsWith("-NOAU");
		}
		catch (IOException ex) {
			return false;
		}
	}

}
