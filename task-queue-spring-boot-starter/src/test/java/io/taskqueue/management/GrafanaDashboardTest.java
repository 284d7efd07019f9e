package io.taskqueue.management;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The dashboard asks only for what Prometheus gets.
 */
class GrafanaDashboardTest {

	private static final Path DASHBOARD = Path.of("../docs/grafana/task-queue.json");

	private static final Pattern METRIC = Pattern.compile("\\btask_[a-z_]+");

	@Test
	void everyMetricExists() throws Exception {
		JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(DASHBOARD));
		List<String> expressions = dashboard.path("panels")
			.valueStream()
			.flatMap((panel) -> panel.path("targets").valueStream())
			.map((target) -> target.path("expr").asString())
			.toList();
		assertThat(expressions).hasSizeGreaterThan(10);
		Set<String> used = expressions.stream()
			.flatMap((expression) -> METRIC.matcher(expression).results().map((result) -> result.group()))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(rendered()).containsAll(used);
	}

	@Test
	void everyMeterIsShown() throws Exception {
		String dashboard = Files.readString(DASHBOARD);
		assertThat(Stream.of(TaskQueueMeter.values()).map((meter) -> meter.getName().replace('.', '_')))
			.allSatisfy((name) -> assertThat(dashboard).contains(name));
	}

	/** Returns the names that Prometheus gets for all meters. */
	static Set<String> rendered() {
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		for (TaskQueueMeter meter : TaskQueueMeter.values()) {
			String[] tags = Arrays.stream(meter.getKeyNames())
				.flatMap((key) -> Stream.of(key.asString(), "x"))
				.toArray(String[]::new);
			switch (meter.getType()) {
				case GAUGE ->
					Gauge.builder(meter.getName(), () -> 1).baseUnit(meter.getBaseUnit()).tags(tags).register(registry);
				case COUNTER ->
					Counter.builder(meter.getName()).baseUnit(meter.getBaseUnit()).tags(tags).register(registry);
				case TIMER -> Timer.builder(meter.getName()).tags(tags).register(registry);
				case DISTRIBUTION_SUMMARY -> DistributionSummary.builder(meter.getName())
					.baseUnit(meter.getBaseUnit())
					.tags(tags)
					.register(registry);
				default -> throw new IllegalStateException("not rendered: " + meter.getType());
			}
		}
		return registry.scrape()
			.lines()
			.filter((line) -> !line.startsWith("#"))
			.map((line) -> line.split("[{ ]")[0])
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
