package io.taskqueue.interop;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Go program beside this module's tests, built once per JVM. Go is looked for in the
 * path and in {@code /usr/local/go}; the system property {@value #GO_PROPERTY} names
 * another.
 */
final class GoProgram {

	static final String GO_PROPERTY = "taskqueue.go";

	/** The newest asynq. */
	static final GoProgram ASYNQ = new GoProgram("asynq-0.26", "go");

	/** The last asynq without headers. */
	static final GoProgram ASYNQ_0_25 = new GoProgram("asynq-0.25", "go", "-modfile=asynq-0.25.mod",
			"-tags=asynq_0_25");

	/** The asynq that asynqmon is made of. */
	static final GoProgram ASYNQ_0_24 = new GoProgram("asynq-0.24", "go", "-modfile=asynq-0.24.mod",
			"-tags=asynq_0_24");

	/** asynqmon. */
	static final GoProgram ASYNQMON = new GoProgram("asynqmon", "asynqmon");

	private final String name;

	private final File source;

	private final List<String> flags;

	private final File binary;

	private final File log;

	private boolean built;

	private GoProgram(String name, String source, String... flags) {
		this.name = name;
		this.source = new File(source);
		this.flags = List.of(flags);
		this.binary = new File("target", "go-" + name).getAbsoluteFile();
		this.log = new File("target", "go-" + name + ".log");
	}

	/** Tells whether there is a Go to build programs with. */
	static boolean isAvailable() {
		return go().isPresent();
	}

	/** Starts the program. */
	Process start(String... arguments) {
		build();
		List<String> command = new ArrayList<>(List.of(this.binary.getPath()));
		command.addAll(List.of(arguments));
		try {
			return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(this.log)).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

	private synchronized void build() {
		if (this.built) {
			return;
		}
		List<String> command = new ArrayList<>(List.of(go().orElseThrow().toString(), "build"));
		command.addAll(this.flags);
		command.addAll(List.of("-o", this.binary.getPath(), "."));
		try {
			ProcessBuilder build = new ProcessBuilder(command).directory(this.source).redirectErrorStream(true);
			build.environment().put("GOFLAGS", "-mod=mod");
			Process process = build.start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.waitFor() != 0) {
				throw new IllegalStateException("The Go program " + this + " cannot be built:\n" + output);
			}
			this.built = true;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static Optional<Path> go() {
		String named = System.getProperty(GO_PROPERTY, "");
		Stream<Path> candidates = !named.isBlank() ? Stream.of(Path.of(named)) : Stream.concat(
				Stream.of(System.getenv("PATH").split(File.pathSeparator)).map((directory) -> Path.of(directory, "go")),
				Stream.of(Path.of("/usr/local/go/bin/go")));
		return candidates.filter(Files::isExecutable).filter(Files::isRegularFile).findFirst();
	}

}
