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
 * The Go program beside this module's tests, built once per JVM. Go is looked for in the
 * path and in {@code /usr/local/go}; the system property {@value #GO_PROPERTY} names
 * another.
 */
final class GoPeer {

	static final String GO_PROPERTY = "taskqueue.go";

	private static final File SOURCE = new File("go");

	private static final File BINARY = new File("target", "go-peer").getAbsoluteFile();

	private static final File LOG = new File("target", "go-peer.log");

	private static boolean built;

	private GoPeer() {
	}

	/** Tells whether there is a Go to build it with. */
	static boolean isAvailable() {
		return go().isPresent();
	}

	/** Starts the program. */
	static Process start(String... arguments) {
		build();
		List<String> command = new ArrayList<>(List.of(BINARY.getPath()));
		command.addAll(List.of(arguments));
		try {
			return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(LOG)).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static synchronized void build() {
		if (built) {
			return;
		}
		try {
			ProcessBuilder build = new ProcessBuilder(go().orElseThrow().toString(), "build", "-o", BINARY.getPath(),
					".")
				.directory(SOURCE)
				.redirectErrorStream(true);
			build.environment().put("GOFLAGS", "-mod=mod");
			Process process = build.start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.waitFor() != 0) {
				throw new IllegalStateException("The Go peer cannot be built:\n" + output);
			}
			built = true;
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
