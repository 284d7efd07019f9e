package io.taskqueue.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The list of what compatibility with asynq means, and what the tests have left about it.
 */
final class Scenarios {

	private static final String UNTESTED = "untested: ";

	private Scenarios() {
	}

	/**
	 * One of the list.
	 *
	 * @param chapter the heading it is under
	 * @param number its number, which tests carry
	 * @param title what must hold
	 * @param difference where we differ on purpose and why; empty for nowhere
	 * @param gap why nobody tests it yet; empty if somebody must
	 */
	record Entry(String chapter, int number, String title, String difference, String gap) {
	}

	/**
	 * What became of a test.
	 *
	 * @param besideGo whether it ran beside the real asynq
	 * @param numbers the scenarios that it covers
	 * @param result {@code PASSED}, {@code SKIPPED} or {@code FAILED}
	 * @param declaringClass where it is written
	 * @param name its name
	 */
	record Trace(boolean besideGo, List<Integer> numbers, String result, String declaringClass, String name) {
	}

	/** Returns the list in its order. */
	static List<Entry> list() {
		List<Entry> entries = new ArrayList<>();
		String chapter = "";
		for (String line : lines()) {
			if (line.startsWith("## ")) {
				chapter = line.substring(3);
			}
			else if (!line.isBlank() && !line.startsWith("#")) {
				String[] parts = line.split(" \\| ", 3);
				String remark = (parts.length > 2) ? parts[2] : "";
				boolean untested = remark.startsWith(UNTESTED);
				entries.add(new Entry(chapter, Integer.parseInt(parts[0]), parts[1], untested ? "" : remark,
						untested ? remark.substring(UNTESTED.length()) : ""));
			}
		}
		return entries;
	}

	/** Returns what the last run of each test of a module has left. */
	static List<Trace> records(Path module, boolean besideGo) {
		Path directory = module.resolve(Path.of("target", "conformance"));
		if (!Files.isDirectory(directory)) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(directory)) {
			return files.map((file) -> trace(file, besideGo)).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Trace trace(Path file, boolean besideGo) {
		try {
			String[] parts = Files.readString(file).split("\t", 4);
			List<Integer> numbers = Stream.of(parts[0].split(",")).map(Integer::valueOf).toList();
			return new Trace(besideGo, numbers, parts[1], parts[2], parts[3]);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> lines() {
		try (InputStream list = Scenarios.class.getResourceAsStream("scenarios.txt")) {
			return new String(Objects.requireNonNull(list).readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
