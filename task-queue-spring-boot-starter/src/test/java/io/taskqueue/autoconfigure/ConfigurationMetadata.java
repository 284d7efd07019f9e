package io.taskqueue.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What editors are told about the configuration, from the files that go into the jar.
 */
final class ConfigurationMetadata {

	/** The types of maps' values, whose properties repeat for each key. */
	static final Map<String, Class<?>> REPEATED = Map.of("task-queue.cron.tasks.<uuid>", CronTaskProperties.class,
			"task-queue.handlers.<type>", HandlerProperties.class, "task-queue.aggregators.<name>",
			AggregatorProperties.class);

	private static final Map<String, String> TYPES = Map.of("java.lang.Boolean", "`true`, `false`", "java.lang.Integer",
			"number", "java.lang.Long", "number", "java.lang.Double", "number", "java.lang.String", "text",
			"java.time.Duration", "duration", "java.util.Set<java.lang.String>", "list of texts", "java.time.ZoneId",
			"time zone", "org.springframework.util.unit.DataSize", "size");

	/**
	 * A property.
	 *
	 * @param name the whole name
	 * @param type what may be written, for the reader of the manual
	 * @param defaultValue what counts if it is unset; {@code null} if the description
	 * says that
	 * @param description what it means
	 */
	record Property(String name, String type, @Nullable String defaultValue, String description) {

		/** Returns the name without its last part. */
		String group() {
			return this.name.substring(0, this.name.lastIndexOf('.'));
		}

	}

	private ConfigurationMetadata() {
	}

	/** Returns all properties, those of maps' values with a stand-in for the key. */
	static List<Property> properties() {
		List<Property> properties = new ArrayList<>(read("spring-configuration-metadata.json", ""));
		REPEATED.forEach((prefix, type) -> properties
			.addAll(read("spring/configuration-metadata/" + type.getName() + ".json", prefix + ".")));
		return properties;
	}

	/** Returns a section of the metadata as it is. */
	static JsonNode section(String file, String section) {
		try (InputStream json = Files.newInputStream(Path.of("target/classes/META-INF", file))) {
			return JsonMapper.shared().readTree(json).path(section);
		}
		catch (IOException ex) {
			throw new IllegalStateException("The annotation processor has left no " + file, ex);
		}
	}

	private static List<Property> read(String file, String prefix) {
		return section(file, "properties").valueStream()
			.map((json) -> new Property(prefix + json.path("name").asString(), type(json.path("type").asString("")),
					value(json.path("defaultValue")), json.path("description").asString("")))
			.toList();
	}

	private static @Nullable String value(JsonNode json) {
		if (json.isMissingNode()) {
			return null;
		}
		return json.isArray() ? json.valueStream().map(JsonNode::asString).collect(Collectors.joining(","))
				: json.asString();
	}

	private static String type(String name) {
		String known = TYPES.get(name);
		if (known != null || name.isEmpty()) {
			return (known != null) ? known : "";
		}
		if (name.startsWith("java.util.Map")) {
			return name.endsWith("java.lang.Integer>") ? "number by name" : "properties by name";
		}
		if (name.startsWith("java.util.List")) {
			return name.contains("java.lang.Class") ? "list of classes" : "list";
		}
		try {
			Object[] constants = Class.forName(name).getEnumConstants();
			return (constants != null) ? Stream.of(constants)
				.map((constant) -> "`" + constant.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
				.collect(Collectors.joining(", ")) : "";
		}
		catch (ClassNotFoundException ex) {
			return "";
		}
	}

}
