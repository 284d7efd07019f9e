package io.taskqueue.gettingstarted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Does what docs/getting-started.md tells to do, with the files and the command that
 * stand there, and sees what it promises.
 */
class GettingStartedTest {

	private static final Duration LIMIT = Duration.ofMinutes(3);

	@Test
	void anEmptyFolderBecomesAnApplicationThatRunsItsFirstTask(@TempDir Path folder)
			throws IOException, InterruptedException {
		String version = System.getProperty("taskqueue.version");
		assumeTrue(version != null, "Needs the jars of this build and its version: run it with mvn verify");
		MavenSandbox maven = MavenSandbox.find(version).orElse(null);
		assumeTrue(maven != null, "There is no Maven to build with: neither the one of this build nor mvn on the PATH");
		Page page = Page.read();
		assertThat(page.files()).containsOnlyKeys(Path.of("pom.xml"),
				Path.of("src/main/java/com/example/hello/HelloApplication.java"));
		page.writeFiles(folder);
		maven.install();
		Path log = Path.of("target", "getting-started.log").toAbsolutePath();
		List<String> words = Arrays.asList(page.command().split(" "));
		Process process = maven.start(folder, words.subList(1, words.size()), log);
		try {
			await().atMost(LIMIT).until(() -> !process.isAlive() || lines(log).contains(page.output()));
			assertThat(lines(log)).as("output of %s", page.command()).contains(page.output());
			assertThat(process.isAlive()).as("goes on running").isTrue();
		}
		finally {
			stop(process);
		}
	}

	private static List<String> lines(Path log) throws IOException {
		return Files.readAllLines(log);
	}

	/**
	 * Stops the application, which Maven runs in a process of its own; its Redis and
	 * Maven then end by themselves.
	 */
	private static void stop(Process maven) throws InterruptedException {
		List<ProcessHandle> all = maven.descendants().toList();
		maven.children().forEach(ProcessHandle::destroy);
		all.forEach((process) -> process.onExit().join());
		maven.waitFor();
	}

}
