package io.taskqueue.autoconfigure;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.taskqueue.annotation.CronTask;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.autoconfigure.ConfigurationMetadata.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Editors and the manual know every property. The manual's tables are written from the
 * metadata by running this test with {@code -Dtaskqueue.manual.write=true}.
 */
class PropertiesManualTest {

	private static final Path MANUAL = Path.of("../docs/configuration.md");

	private static final String BEGIN = "<!-- properties: written by PropertiesManualTest -->\n";

	private static final String END = "<!-- end of properties -->\n";

	/** Those without a default: for each the description says what counts then. */
	private static final Set<String> DEPENDS = Set.of("task-queue.namespace", "task-queue.cron.tasks",
			"task-queue.handlers", "task-queue.aggregators", "management.endpoint.taskqueues.roles",
			"task-queue.worker.queues", "task-queue.worker.concurrency");

	@ParameterizedTest
	@MethodSource("properties")
	void everyPropertyIsDescribed(Property property) {
		assertThat(property.description()).isNotBlank();
		assertThat(property.type()).as("type for the manual").isNotBlank();
		boolean repeated = ConfigurationMetadata.REPEATED.keySet().stream().anyMatch(property.name()::startsWith);
		if (!repeated && !DEPENDS.contains(property.name())) {
			assertThat(property.defaultValue()).as("default").isNotBlank();
		}
	}

	static List<Property> properties() {
		return ConfigurationMetadata.properties();
	}

	@Test
	void everyPropertyInTheCodeIsInTheMetadata() {
		Set<String> names = properties().stream().map(Property::name).collect(Collectors.toSet());
		ConfigurationMetadata.REPEATED.forEach((prefix,
				type) -> assertThat(names).containsAll(Stream.of(type.getRecordComponents())
					.map((component) -> prefix + "." + dashed(component.getName()))
					.toList()));
		assertThat(names).hasSizeGreaterThan(50);
	}

	@Test
	void everyHintIsForAProperty() {
		Set<String> names = properties().stream().map(Property::name).collect(Collectors.toSet());
		JsonNode hints = ConfigurationMetadata.section("spring-configuration-metadata.json", "hints");
		assertThat(hints.valueStream().map((hint) -> hint.path("name").asString().replaceAll("\\.(keys|values)$", "")))
			.isNotEmpty()
			.allSatisfy((name) -> assertThat(names).contains(name));
	}

	@Test
	void everyAnnotationAttributeIsAProperty() {
		assertThat(attributes(TaskHandler.class, "value", "type")).isSubsetOf(components(HandlerProperties.class));
		assertThat(attributes(CronTask.class, "uuid")).isSubsetOf(components(CronTaskProperties.class));
	}

	@Test
	void theManualIsUpToDate() throws IOException {
		String manual = Files.readString(MANUAL);
		int begin = manual.indexOf(BEGIN) + BEGIN.length();
		int end = manual.indexOf(END);
		assertThat(end).isGreaterThanOrEqualTo(begin);
		if (Boolean.getBoolean("taskqueue.manual.write")) {
			Files.writeString(MANUAL, manual.substring(0, begin) + tables() + manual.substring(end));
			return;
		}
		assertThat(manual.substring(begin, end))
			.as("docs/configuration.md is stale; write it with -Dtest=PropertiesManualTest -Dtaskqueue.manual.write=true")
			.isEqualTo(tables());
	}

	private static String tables() {
		Map<String, List<Property>> groups = properties().stream()
			.collect(Collectors.groupingBy(Property::group, TreeMap::new, Collectors.toList()));
		StringBuilder tables = new StringBuilder();
		groups.forEach((group, properties) -> {
			tables.append("\n### `")
				.append(group)
				.append("`\n\n| property | type | default | meaning |\n|---|---|---|---|\n");
			properties.forEach((property) -> tables.append(row(group, property)));
		});
		return tables.append('\n').toString();
	}

	private static String row(String group, Property property) {
		String value = (property.defaultValue() != null) ? "`" + property.defaultValue() + "`" : "";
		return "| `%s` | %s | %s | %s |\n".formatted(property.name().substring(group.length() + 1), property.type(),
				value, property.description().replace("|", "\\|"));
	}

	private static List<String> attributes(Class<?> annotation, String... keys) {
		return Stream.of(annotation.getDeclaredMethods())
			.map(Method::getName)
			.filter((name) -> !Arrays.asList(keys).contains(name))
			.toList();
	}

	private static List<String> components(Class<?> type) {
		return Stream.of(type.getRecordComponents()).map(RecordComponent::getName).toList();
	}

	private static String dashed(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

}
