package io.taskqueue.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Leaves a file in {@code target/conformance} for each test of a {@link Scenario}. Its
 * line holds, between tabs, the scenarios, the worst result of the test's invocations,
 * the class that declares it and its name. Tests of a class that is disabled as a whole
 * leave none.
 */
final class ScenarioRecorder implements TestWatcher {

	private static final Path RECORDS = Path.of("target", "conformance");

	private static final Map<Path, Result> results = new ConcurrentHashMap<>();

	@Override
	public void testSuccessful(ExtensionContext context) {
		record(context, Result.PASSED);
	}

	@Override
	public void testFailed(ExtensionContext context, Throwable cause) {
		record(context, Result.FAILED);
	}

	@Override
	public void testAborted(ExtensionContext context, Throwable cause) {
		record(context, Result.SKIPPED);
	}

	@Override
	public void testDisabled(ExtensionContext context, Optional<String> reason) {
		record(context, Result.SKIPPED);
	}

	private static void record(ExtensionContext context, Result result) {
		Method test = context.getRequiredTestMethod();
		String scenarios = Arrays.stream(test.getAnnotation(Scenario.class).value())
			.mapToObj(String::valueOf)
			.collect(Collectors.joining(","));
		Path file = RECORDS.resolve(context.getRequiredTestClass().getName() + "." + test.getName());
		results.compute(file, (key, former) -> {
			Result worst = (former != null && former.compareTo(result) > 0) ? former : result;
			write(key, String.join("\t", scenarios, worst.name(), test.getDeclaringClass().getSimpleName(),
					test.getName()));
			return worst;
		});
	}

	private static void write(Path file, String line) {
		try {
			Files.createDirectories(RECORDS);
			Files.writeString(file, line);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** From the best to the worst; what passed once was not skipped. */
	private enum Result {

		SKIPPED, PASSED, FAILED

	}

}
