package io.taskqueue.management;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.micrometer.common.docs.KeyName;
import io.taskqueue.observation.TaskQueueObservation;
import io.taskqueue.observation.TaskQueueObservation.LowCardinality;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The manual's tables name all that is observed and measured, and nothing else.
 */
class ObservabilityManualTest {

	private static final Path PAGE = Path.of("../docs/observability.md");

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	@Test
	void observations() throws IOException {
		assertThat(rows("observation").flatMap((row) -> codes(row.get(0)))).containsExactlyInAnyOrder(
				Stream.of(TaskQueueObservation.values()).map(TaskQueueObservation::getName).toArray(String[]::new));
	}

	@Test
	void keys() throws IOException {
		Set<String> high = new LinkedHashSet<>();
		for (TaskQueueObservation observation : TaskQueueObservation.values()) {
			Stream.of(observation.getHighCardinalityKeyNames()).map(KeyName::asString).forEach(high::add);
		}
		assertThat(keys("low")).containsExactlyInAnyOrder(
				Stream.of(LowCardinality.values()).map(LowCardinality::asString).toArray(String[]::new));
		assertThat(keys("high")).containsExactlyInAnyOrderElementsOf(high);
		assertThat(rows("key").map((row) -> row.get(1))).containsOnly("low", "high");
	}

	@Test
	void metersAndTheirTags() throws IOException {
		List<String> documented = rows("meter")
			.flatMap((row) -> codes(row.get(0)).map((meter) -> described(meter, Stream.of(row.get(1).split(", ?")))))
			.toList();
		assertThat(documented).containsExactlyInAnyOrder(Stream.of(TaskQueueMeter.values())
			.map((meter) -> described(meter.getName(), Stream.of(meter.getKeyNames()).map(KeyName::asString)))
			.toArray(String[]::new));
	}

	private static String described(String meter, Stream<String> tags) {
		return meter + tags.filter((tag) -> !tag.isEmpty()).sorted().toList();
	}

	private static List<String> keys(String cardinality) throws IOException {
		return rows("key").filter((row) -> row.get(1).equals(cardinality)).flatMap((row) -> codes(row.get(0))).toList();
	}

	/** Returns the cells of the table whose first column has a title. */
	private static Stream<List<String>> rows(String title) throws IOException {
		List<String> lines = Files.readAllLines(PAGE)
			.stream()
			.dropWhile((line) -> !line.startsWith("| " + title + " |"))
			.takeWhile((line) -> line.startsWith("|"))
			.toList();
		assertThat(lines).as("table of " + title).hasSizeGreaterThan(2);
		return lines.stream()
			.skip(2)
			.map((line) -> Arrays.stream(line.substring(1).split("\\|")).map(String::trim).toList());
	}

	private static Stream<String> codes(String cell) {
		return CODE.matcher(cell).results().map((result) -> result.group(1));
	}

}
