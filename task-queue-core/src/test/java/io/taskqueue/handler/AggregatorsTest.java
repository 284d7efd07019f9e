package io.taskqueue.handler;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.taskqueue.AggregationRules;
import io.taskqueue.GroupedTask;
import io.taskqueue.TaskRequest;
import io.taskqueue.annotation.TaskAggregator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Aggregators from annotated methods, and which of them counts.
 */
class AggregatorsTest {

	private final AnnotatedAggregators parser = new AnnotatedAggregators(new JacksonPayloadCodec(),
			(text) -> text.replace("${size}", "7"));

	@Test
	void payloadsAreReadAndTheResultIsWritten() throws Exception {
		Aggregator aggregator = only(new Payloads());
		assertThat(aggregator.name()).isEqualTo("sums");
		assertThat(aggregator.pattern()).isEqualTo("sum:*");
		assertThat(aggregator.queue()).isEqualTo("low");
		assertThat(aggregator.rules())
			.isEqualTo(new AggregationRules(7, Duration.ofMinutes(10), Duration.ofSeconds(30)));
		assertThat(aggregator.source()).isEqualTo(Payloads.class.getName() + "#sum");
		TaskRequest merged = aggregator.function().merge("sum:a", tasks("1", "2"));
		assertThat(merged).isEqualTo(TaskRequest.of("sum", "sum:a = 3"));
	}

	@Test
	void tasksAreGivenWithTheirIds() throws Exception {
		Aggregator aggregator = only(new Tasks());
		assertThat(aggregator.name()).isEqualTo("g");
		assertThat(aggregator.rules()).isEqualTo(AggregationRules.STANDARD);
		TaskRequest merged = aggregator.function().merge("g", tasks("1", "2"));
		assertThat(merged).isEqualTo(TaskRequest.of("merged", "id0=1 id1=2"));
	}

	@Test
	void allUnreadablePayloadsAreNamed() {
		Aggregator aggregator = only(new Payloads());
		assertThatExceptionOfType(UnreadableTasksException.class)
			.isThrownBy(() -> aggregator.function().merge("sum:a", tasks("1", "x", "y")))
			.satisfies((ex) -> assertThat(ex.errors()).containsOnlyKeys("id1", "id2"))
			.withMessageContaining("2 payloads do not fit");
	}

	@Test
	void whatTheMethodThrowsIsThrown() {
		Aggregator aggregator = only(new Failing());
		assertThatExceptionOfType(java.io.IOException.class)
			.isThrownBy(() -> aggregator.function().merge("g", tasks("1")))
			.withMessage("no");
	}

	@Test
	void mistakesNameTheMethodAndTheFix() {
		assertInvalid(new Nothing(), "returns nothing", "Return the payload");
		assertInvalid(new Untyped(), "no type is given", "Give it");
		assertInvalid(new TypedRequest(), "which has its own", "Remove the type");
		assertInvalid(new NoList(), "parameter 0 (java.lang.Integer) cannot be given", "one List of payloads");
		assertInvalid(new RawList(), "parameter 0 (java.util.List) cannot be given", "one List of payloads");
		assertInvalid(new TwoLists(), "parameter 1", "one List of payloads");
		assertInvalid(new NoParameter(), "does not take the tasks", "one List of payloads");
		assertInvalid(new Blank(), "the group \"\" is blank", "as in @TaskAggregator");
		assertInvalid(new InnerStar(), "has a * before its end", "as in @TaskAggregator");
		assertInvalid(new ShortGrace(), "grace = \"10ms\" cannot be read: grace must be at least PT1S",
				"Correct the attribute");
		assertInvalid(new TooBig(), "maxSize = \"10001\" cannot be read: maxSize must be from 0 to 10000",
				"Correct the attribute");
	}

	@ParameterizedTest
	@CsvSource({ "q, mail:bob, exact", "low, mail:bob, exact", "low, mail:ann, low", "q, mail:ann, mail", "q, mai, all",
			"q, mail, all" })
	void closestPatternCounts(String queue, String group, String expected) {
		AggregatorRegistry registry = new AggregatorRegistry();
		registry.register(named("all", "*", null));
		registry.register(named("mail", "mail:*", null));
		registry.register(named("low", "mail:*", "low"));
		registry.register(named("exact", "mail:bob", null));
		Aggregator found = registry.find(queue, group);
		assertThat(found).isNotNull();
		assertThat(found.name()).isEqualTo(expected);
		assertThat(registry.of(queue).stream().filter((each) -> each.fits(queue, group)).findFirst()).contains(found);
	}

	@Test
	void groupWithoutAnAggregator() {
		AggregatorRegistry registry = new AggregatorRegistry();
		registry.register(named("low", "mail:*", "low"));
		assertThat(registry.find("q", "mail:bob")).isNull();
		assertThat(registry.of("q")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "low" })
	void twoForTheSameGroupsAreRefused(String queue) {
		AggregatorRegistry registry = new AggregatorRegistry();
		registry.register(named("first", "mail:*", queue.isEmpty() ? null : queue));
		assertThatExceptionOfType(DuplicateAggregatorException.class)
			.isThrownBy(() -> registry.register(named("second", "mail:*", queue.isEmpty() ? null : queue)))
			.withMessageContaining("'mail:*': first and second");
		assertThat(registry.all()).hasSize(1);
	}

	private Aggregator only(Object bean) {
		List<Aggregator> aggregators = this.parser.parse(bean);
		assertThat(aggregators).hasSize(1);
		return aggregators.get(0);
	}

	private void assertInvalid(Object bean, String problem, String fix) {
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> this.parser.parse(bean))
			.withMessageContaining(bean.getClass().getName() + "#merge")
			.withMessageContaining(problem)
			.withMessageContaining(fix);
	}

	private static Aggregator named(String name, String pattern, @Nullable String queue) {
		return new Aggregator(name, pattern, queue, AggregationRules.STANDARD, name, (group, tasks) -> null);
	}

	private static List<GroupedTask<byte[]>> tasks(String... payloads) {
		java.util.ArrayList<GroupedTask<byte[]>> tasks = new java.util.ArrayList<>();
		for (String payload : payloads) {
			tasks.add(new GroupedTask<>("id" + tasks.size(), "t",
					payload.getBytes(java.nio.charset.StandardCharsets.UTF_8), Map.of()));
		}
		return tasks;
	}

	static class Payloads {

		@TaskAggregator(name = "sums", group = "sum:*", queue = "low", type = "sum", maxSize = "${size}",
				maxDelay = "10m", grace = "30s")
		String sum(String group, List<Integer> numbers) {
			return group + " = " + numbers.stream().mapToInt(Integer::intValue).sum();
		}

	}

	static class Tasks {

		@TaskAggregator("g")
		TaskRequest merge(List<GroupedTask<Integer>> tasks) {
			return TaskRequest.of("merged",
					String.join(" ", tasks.stream().map((task) -> task.id() + "=" + task.payload()).toList()));
		}

	}

	static class Failing {

		@TaskAggregator("g")
		TaskRequest merge(List<Integer> numbers) throws java.io.IOException {
			throw new java.io.IOException("no");
		}

	}

	static class Nothing {

		@TaskAggregator("g")
		void merge(List<Integer> numbers) {
		}

	}

	static class Untyped {

		@TaskAggregator("g")
		String merge(List<Integer> numbers) {
			return "";
		}

	}

	static class TypedRequest {

		@TaskAggregator(group = "g", type = "sum")
		TaskRequest merge(List<Integer> numbers) {
			return TaskRequest.of("sum", null);
		}

	}

	static class NoList {

		@TaskAggregator(group = "g", type = "sum")
		String merge(Integer number) {
			return "";
		}

	}

	static class RawList {

		@SuppressWarnings("rawtypes")
		@TaskAggregator(group = "g", type = "sum")
		String merge(List numbers) {
			return "";
		}

	}

	static class TwoLists {

		@TaskAggregator(group = "g", type = "sum")
		String merge(List<Integer> numbers, List<Integer> more) {
			return "";
		}

	}

	static class NoParameter {

		@TaskAggregator(group = "g", type = "sum")
		String merge() {
			return "";
		}

	}

	static class Blank {

		@TaskAggregator(type = "sum")
		String merge(List<Integer> numbers) {
			return "";
		}

	}

	static class InnerStar {

		@TaskAggregator(group = "a*b", type = "sum")
		String merge(List<Integer> numbers) {
			return "";
		}

	}

	static class ShortGrace {

		@TaskAggregator(group = "g", type = "sum", grace = "10ms")
		String merge(List<Integer> numbers) {
			return "";
		}

	}

	static class TooBig {

		@TaskAggregator(group = "g", type = "sum", maxSize = "10001")
		String merge(List<Integer> numbers) {
			return "";
		}

	}

}
