package io.taskqueue.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process that is spoken to in lines of JSON. Ends when closed, and with this JVM.
 */
final class PeerProcess implements AutoCloseable {

	private static final JsonMapper json = JsonMapper.shared();

	private static final long PATIENCE = 20;

	private final Process process;

	private final Writer requests;

	/** Starts a command whose lines answer requests. */
	PeerProcess(Process process) {
		this.process = process;
		this.requests = process.outputWriter(StandardCharsets.UTF_8);
	}

	/**
	 * Starts a thread that hands on what the program says until it ends.
	 * @param listener takes the lines, one at a time
	 */
	void listen(Consumer<JsonNode> listener) {
		BufferedReader lines = this.process.inputReader(StandardCharsets.UTF_8);
		Thread reader = new Thread(() -> {
			try {
				lines.lines().map(json::readTree).forEach(listener);
			}
			catch (UncheckedIOException ex) {
				// It was killed
			}
		}, "peer-lines");
		reader.setDaemon(true);
		reader.start();
	}

	/** Sends a line. */
	void send(Map<String, ?> request) {
		try {
			this.requests.write(json.writeValueAsString(request) + "\n");
			this.requests.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("the process has ended; see target/*.log", ex);
		}
	}

	long pid() {
		return this.process.pid();
	}

	/** Kills it as {@code kill -9} does. */
	void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	/** Lets it end in its own time. */
	@Override
	public void close() {
		try {
			this.requests.close();
		}
		catch (IOException ex) {
			// It has ended already
		}
		try {
			if (!this.process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
				kill();
			}
		}
		catch (InterruptedException ex) {
			kill();
			Thread.currentThread().interrupt();
		}
	}

	/** Asks and waits for the answers. */
	static final class Dialogue implements AutoCloseable {

		private final PeerProcess process;

		private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();

		Dialogue(Process process) {
			this.process = new PeerProcess(process);
			this.process.listen(this.answers::add);
		}

		/** Returns what the command answers. */
		JsonNode ask(Map<String, ?> request) {
			JsonNode answer = answer(request);
			if (answer.has("error")) {
				throw new IllegalStateException("asynq refuses " + request + ": " + answer.get("error").asString());
			}
			return answer.get("ok");
		}

		/** Returns the error that the command answers with, or {@code null} for none. */
		@Nullable String refusal(Map<String, ?> request) {
			JsonNode error = answer(request).get("error");
			return (error != null) ? error.asString() : null;
		}

		private JsonNode answer(Map<String, ?> request) {
			this.process.send(request);
			try {
				JsonNode answer = this.answers.poll(PATIENCE, TimeUnit.SECONDS);
				if (answer == null) {
					throw new IllegalStateException("no answer to " + request + "; see target/*.log");
				}
				return answer;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() {
			this.process.close();
		}

	}

}
