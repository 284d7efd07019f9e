package io.taskqueue.autoconfigure;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every property has a description for editors and a row in the manual.
 */
class PropertiesManualTest {

	@Test
	void everyPropertyIsDescribed() throws Exception {
		String manual = Files.readString(Path.of("../docs/configuration.md"));
		List<String> names = new ArrayList<>();
		for (JsonNode property : metadata()) {
			String name = property.get("name").asString();
			names.add(name);
			assertThat(property.path("description").asString("")).as(name).isNotBlank();
			assertThat(manual).contains("| `" + name);
		}
		assertThat(names).hasSizeGreaterThan(20);
	}

	private JsonNode metadata() throws Exception {
		Path classes = Path.of("target/classes/META-INF/spring-configuration-metadata.json");
		try (InputStream json = Files.newInputStream(classes)) {
			return JsonMapper.shared().readTree(json).get("properties");
		}
	}

}
