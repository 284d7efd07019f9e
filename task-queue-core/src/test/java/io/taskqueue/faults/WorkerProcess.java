package io.taskqueue.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.taskqueue.faults.Journal.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A {@link WorkerMain} in a JVM of its own. It ends with this JVM at the latest: its
 * input ends then, and if it is frozen it is killed.
 */
final class WorkerProcess {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final Set<Process> PROCESSES = ConcurrentHashMap.newKeySet();

	private final String name;

	private final Path log;

	private final Process process;

	private final String token;

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> PROCESSES.forEach(Process::destroyForcibly)));
	}

	/** Starts a worker, of a name that was never used, and waits until it works. */
	WorkerProcess(String name, int port, int concurrency, Path directory) {
		this.name = name;
		this.log = directory.resolve(name + ".log");
		try {
			this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
					System.getProperty("java.class.path"), WorkerMain.class.getName(), String.valueOf(port),
					directory.toString(), name, String.valueOf(concurrency))
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		PROCESSES.add(this.process);
		this.token = awaitReady(new History(directory));
	}

	private String awaitReady(History history) {
		await(this.name + " is ready").atMost(PATIENCE)
			.until(() -> !this.process.isAlive() || !history.ids(Kind.READY, this.name).isEmpty());
		Set<String> tokens = history.ids(Kind.READY, this.name);
		assertThat(tokens).as("%s works:%n%s", this.name, log()).hasSize(1);
		return tokens.iterator().next();
	}

	String name() {
		return this.name;
	}

	/** Returns the worker's owner token. */
	String token() {
		return this.token;
	}

	/** Returns what the worker has logged. */
	String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Ends the process as the kernel does it when memory runs out. */
	void kill() {
		this.process.destroyForcibly();
		awaitEnd();
	}

	/** Stops the process where it is, until it is thawed. */
	void freeze() {
		signal("STOP");
	}

	void thaw() {
		signal("CONT");
	}

	/** Asks the process to end, as an orchestrator does; does not wait. */
	void terminate() {
		signal("TERM");
	}

	/** Releases the tasks that hold. */
	void release() {
		try {
			this.process.getOutputStream().write("release\n".getBytes(StandardCharsets.UTF_8));
			this.process.getOutputStream().flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Lets the worker stop in good order and waits for the end of the process. */
	void stop() {
		try {
			this.process.getOutputStream().close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		awaitEnd();
	}

	void awaitEnd() {
		try {
			assertThat(this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("%s has ended", this.name)
				.isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		PROCESSES.remove(this.process);
	}

	private void signal(String signal) {
		try {
			int code = new ProcessBuilder("kill", "-" + signal, String.valueOf(this.process.pid())).start().waitFor();
			assertThat(code).as("kill -%s", signal).isZero();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
