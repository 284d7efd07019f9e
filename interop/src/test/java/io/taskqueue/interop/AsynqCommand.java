package io.taskqueue.interop;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * asynq's command line tool. Go cannot fetch it as a module in the version that belongs
 * to asynq 0.26.0, so it is not built here but looked for: the system property
 * {@value #PROPERTY}, the environment variable {@code ASYNQ_CLI}, {@code asynq} in the
 * path.
 */
final class AsynqCommand {

	static final String PROPERTY = "taskqueue.asynq.cli";

	/** How to get one. */
	static final String MISSING = "There is no asynq command. Build tools/asynq of a checkout of "
			+ "https://github.com/hibiken/asynq at v0.26.0 (go build -o asynq ./asynq in tools, with its go.mod "
			+ "replacing asynq by .. and asynq/x by ../x) and name it by -D" + PROPERTY + " or ASYNQ_CLI";

	private final Path binary;

	private final String redis;

	/**
	 * Uses the tool that is there.
	 * @param redis host and port
	 */
	AsynqCommand(String redis) {
		this.binary = find().orElseThrow(() -> new IllegalStateException(MISSING));
		this.redis = redis;
	}

	/** Tells whether there is one. */
	static boolean isAvailable() {
		return find().isPresent();
	}

	/** Runs a command that must succeed. Returns its words, line by line. */
	List<List<String>> rows(String... arguments) {
		return run(arguments).lines()
			.filter((line) -> !line.isBlank())
			.map((line) -> List.of(line.strip().split("\\s+")))
			.toList();
	}

	/** Runs a command that must succeed. Returns what it prints. */
	String run(String... arguments) {
		List<String> command = new ArrayList<>(List.of(this.binary.toString()));
		command.addAll(List.of(arguments));
		command.addAll(List.of("--uri", this.redis));
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			process.getOutputStream().close();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.waitFor() != 0) {
				throw new IllegalStateException("%s: %s".formatted(command, output));
			}
			return output;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static Optional<Path> find() {
		String named = System.getProperty(PROPERTY, Objects.requireNonNullElse(System.getenv("ASYNQ_CLI"), ""));
		Stream<Path> candidates = !named.isBlank() ? Stream.of(Path.of(named))
				: Stream.of(System.getenv("PATH").split(File.pathSeparator))
					.map((directory) -> Path.of(directory, "asynq"));
		return candidates.filter(Files::isExecutable).filter(Files::isRegularFile).findFirst();
	}

}
