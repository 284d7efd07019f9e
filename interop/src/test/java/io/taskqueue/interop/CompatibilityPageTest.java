package io.taskqueue.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The list of scenarios, the tests and the manual agree. Runs after all other tests of
 * the build, by {@code mvn verify}, and says nothing where some of them were skipped for
 * lack of Go or where the long ones of the soak ran as well.
 */
class CompatibilityPageTest {

	private static final Path PAGE = Path.of("..", "docs", "asynq-compatibility.md");

	private final List<Scenarios.Entry> list = Scenarios.list();

	private final List<Scenarios.Trace> records = new ArrayList<>();

	private CompatibilityPage page;

	@BeforeEach
	void readRecords() {
		assumeTrue(GoProgram.isAvailable(), "Go is not installed");
		assumeFalse(Boolean.getBoolean("taskqueue.soak"), "The page is about mvn verify");
		this.records.addAll(Scenarios.records(Path.of("..", "task-queue-core"), false));
		this.records.addAll(Scenarios.records(Path.of(""), true));
		this.page = new CompatibilityPage(this.list, this.records);
	}

	@Test
	void everyScenarioIsTested() {
		List<Integer> untested = this.list.stream()
			.filter((entry) -> entry.gap().isEmpty())
			.filter((entry) -> this.page.of(entry).stream().noneMatch((test) -> test.result().equals("PASSED")))
			.map(Scenarios.Entry::number)
			.toList();
		assertThat(untested).as("scenarios without a test").isEmpty();
	}

	@Test
	void everyGapIsOne() {
		List<Integer> tested = this.list.stream()
			.filter((entry) -> !entry.gap().isEmpty())
			.filter((entry) -> !this.page.of(entry).isEmpty())
			.map(Scenarios.Entry::number)
			.toList();
		assertThat(tested).as("scenarios that are called untested in scenarios.txt").isEmpty();
	}

	@Test
	void everyTestIsOfAScenarioOfTheList() {
		Set<Integer> numbers = this.list.stream().map(Scenarios.Entry::number).collect(Collectors.toSet());
		assertThat(numbers).as("numbers are unique").hasSameSizeAs(this.list);
		assertThat(this.records).allSatisfy((record) -> assertThat(numbers).containsAll(record.numbers()));
	}

	@Test
	void pageIsUpToDate() throws IOException {
		String text = this.page.text();
		if (Boolean.getBoolean("taskqueue.compatibility.write")) {
			Files.writeString(PAGE, text);
		}
		assertThat(PAGE).content()
			.as("docs/asynq-compatibility.md is written by mvn verify -Dtaskqueue.compatibility.write=true")
			.isEqualTo(text);
	}

}
