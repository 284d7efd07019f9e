package io.taskqueue.autoconfigure;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.taskqueue.autoconfigure.Manual.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What the manual writes into {@code application.yml} can be bound, and every property of
 * ours that it speaks of exists.
 */
class ManualYamlTest {

	private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("task-queue");

	private static final Pattern MENTIONED = Pattern.compile("`(task-queue\\.[a-z-]+(?:\\.[a-z-]+)*)(?:=[^`]*)?`");

	@ParameterizedTest
	@MethodSource("examples")
	void everyExampleBinds(Example example) throws IOException {
		assertThat(unknown(example.code())).isEmpty();
	}

	static List<Example> examples() {
		return Manual.pages().stream().flatMap((page) -> page.examples("yaml").stream()).toList();
	}

	@Test
	void unknownPropertiesAndWrongValuesAreFound() throws IOException {
		assertThat(unknown("task-queue: {worker: {concurency: 3, queues: {\"[a-*]\": 1}}, redis: {connections: 4}}"))
			.containsExactly("task-queue.worker.concurency");
		assertThatException().isThrownBy(() -> unknown("task-queue: {worker: {concurrency: many}}"))
			.withMessageContaining("task-queue.worker");
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyPropertyThatIsMentionedExists(Manual page) {
		Set<String> known = new TreeSet<>();
		for (ConfigurationMetadata.Property property : ConfigurationMetadata.properties()) {
			known.add(property.name());
			known.add(property.group());
		}
		assertThat(MENTIONED.matcher(page.prose()).results().map((match) -> match.group(1))).isSubsetOf(known);
	}

	static List<Manual> pages() {
		return Manual.pages();
	}

	/** Returns what is written under {@code task-queue} and bound to nothing. */
	private static Set<String> unknown(String yaml) throws IOException {
		Set<String> unknown = new TreeSet<>();
		for (PropertySource<?> document : new YamlPropertySourceLoader().load("example",
				new ByteArrayResource(yaml.getBytes(UTF_8)))) {
			ConfigurationPropertySource source = ConfigurationPropertySource.from(document);
			Set<ConfigurationPropertyName> bound = bound(source);
			unknown.addAll(((IterableConfigurationPropertySource) source).stream()
				.filter((name) -> OURS.isAncestorOf(name) && !bound.contains(name))
				.map(ConfigurationPropertyName::toString)
				.collect(Collectors.toSet()));
		}
		return unknown;
	}

	private static Set<ConfigurationPropertyName> bound(ConfigurationPropertySource source) {
		Set<ConfigurationPropertyName> bound = new HashSet<>();
		Binder binder = new Binder(source);
		propertyClasses().forEach((type) -> binder.bind(type.getAnnotation(ConfigurationProperties.class).value(),
				Bindable.of(type), new AbstractBindHandler() {

					@Override
					public Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
							Object result) {
						bound.add(name);
						return result;
					}

				}));
		return bound;
	}

	private static List<Class<?>> propertyClasses() {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
		return scanner.findCandidateComponents("io.taskqueue")
			.stream()
			.<Class<?>>map((found) -> ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()), null))
			.toList();
	}

}
