package io.taskqueue.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.taskqueue.AggregationRules;
import io.taskqueue.GroupedTask;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskRequest;
import io.taskqueue.TaskState;
import io.taskqueue.annotation.TaskAggregator;
import io.taskqueue.annotation.TaskHandler;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Aggregator;
import io.taskqueue.handler.AggregatorRegistry;
import io.taskqueue.handler.DuplicateAggregatorException;
import io.taskqueue.handler.InvalidHandlerException;
import io.taskqueue.maintenance.AggregationListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Aggregation groups from the template to the handler of the merged task.
 */
@Timeout(60)
class AggregationTest {

	private final ApplicationContextRunner runner = RedisContexts.runner()
		.withBean(Received.class)
		.withBean(DigestTasks.class);

	@Test
	void methodMergesTasks() {
		this.runner.run((context) -> {
			TaskTemplate tasks = context.getBean(TaskTemplate.class);
			TaskInfo first = tasks.once("mail").group("mail:bob").payload(new Mail("hello")).enqueue();
			assertThat(first.state()).isEqualTo(TaskState.AGGREGATING);
			assertThat(first.group()).isEqualTo("mail:bob");
			tasks.once("mail").group("mail:bob").payload(new Mail("world")).enqueue();
			// Those of one second have no order
			assertThat(context.getBean(Received.class).next()).isIn(new Digest("mail:bob", List.of("hello", "world")),
					new Digest("mail:bob", List.of("world", "hello")));
		});
	}

	@Test
	void beanMergesTasks() {
		this.runner.withBean(Counting.class).run((context) -> {
			TaskTemplate tasks = context.getBean(TaskTemplate.class);
			tasks.once("seen").group("seen").enqueue();
			tasks.once("seen").group("seen").in(Duration.ofMillis(1)).enqueue();
			assertThat(context.getBean(Received.class).next()).isEqualTo(new Digest("seen", List.of("2")));
		});
	}

	@Test
	void propertiesWin() {
		this.runner.withBean(Counting.class)
			.withPropertyValues("task-queue.aggregators.digest.max-size=3", "task-queue.aggregators.digest.queue=low",
					"task-queue.aggregators[seen].grace=5s", "task-queue.aggregators.seen.max-delay=1h")
			.run((context) -> {
				assertThat(aggregator(context, "digest").queue()).isEqualTo("low");
				assertThat(aggregator(context, "digest").rules())
					.isEqualTo(new AggregationRules(3, Duration.ofMinutes(10), Duration.ofMinutes(1)));
				assertThat(aggregator(context, "seen").rules())
					.isEqualTo(new AggregationRules(2, Duration.ofHours(1), Duration.ofSeconds(5)));
			});
	}

	@Test
	void listenersHearOfFailures() {
		this.runner.withBean(Failing.class).withBean(Listener.class).run((context) -> {
			context.getBean(TaskTemplate.class).once("t").group("bad").enqueue();
			assertThat(context.getBean(Received.class).next()).isEqualTo("bad: not today");
		});
	}

	@Test
	void wrongValueNamesItsProperty() {
		this.runner.withPropertyValues("task-queue.aggregators.digest.grace=10ms")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("grace must be at least PT1S"));
		this.runner.withPropertyValues("task-queue.aggregators.digest.max-size=-1")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("task-queue.aggregators[digest].max-size"));
	}

	@Test
	void duplicateIsExplained() {
		this.runner.withBean("other", DigestTasks.Other.class).run((context) -> {
			DuplicateAggregatorException cause = cause(context, DuplicateAggregatorException.class);
			FailureAnalysis analysis = new DuplicateAggregatorFailureAnalyzer().analyze(context.getStartupFailure(),
					cause);
			assertThat(analysis.getDescription()).contains("group 'mail:*'", "DigestTasks#digest", "(bean 'other')");
			assertThat(analysis.getAction()).contains("Remove one");
		});
	}

	@Test
	void badSignatureIsExplained() {
		this.runner.withBean("bad", BadSignature.class).run((context) -> {
			InvalidHandlerException cause = cause(context, InvalidHandlerException.class);
			FailureAnalysis analysis = new InvalidHandlerFailureAnalyzer().analyze(context.getStartupFailure(), cause);
			assertThat(analysis.getDescription()).contains("BadSignature#merge", "bean 'bad'", "returns nothing");
			assertThat(analysis.getAction()).contains("@TaskAggregator");
		});
	}

	private static <T extends Throwable> T cause(AssertableApplicationContext context, Class<T> type) {
		Throwable failure = context.getStartupFailure();
		while (failure != null && !type.isInstance(failure)) {
			failure = failure.getCause();
		}
		assertThat(failure).isInstanceOf(type);
		return type.cast(failure);
	}

	private static Aggregator aggregator(AssertableApplicationContext context, String name) {
		return context.getBean(AggregatorRegistry.class)
			.all()
			.stream()
			.filter((aggregator) -> aggregator.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	record Mail(String text) {
	}

	record Digest(String group, List<String> texts) {
	}

	static class DigestTasks {

		private final Received received;

		DigestTasks(Received received) {
			this.received = received;
		}

		@TaskAggregator(name = "digest", group = "mail:*", type = "mail.digest", maxSize = "2", maxDelay = "10m")
		Digest digest(String group, List<Mail> mails) {
			return new Digest(group, mails.stream().map(Mail::text).toList());
		}

		@TaskHandler("mail.digest")
		void send(Digest digest) {
			this.received.add(digest);
		}

		static class Other {

			@TaskAggregator(group = "mail:*")
			TaskRequest merge(List<Mail> mails) {
				return TaskRequest.of("other", null);
			}

		}

	}

	static class Counting implements io.taskqueue.TaskAggregator {

		@Override
		public String group() {
			return "seen";
		}

		@Override
		public AggregationRules rules() {
			return AggregationRules.STANDARD.withMaxSize(2);
		}

		@Override
		public TaskRequest aggregate(String group, List<GroupedTask<byte[]>> tasks) {
			return TaskRequest.of("mail.digest", new Digest(group, List.of(String.valueOf(tasks.size()))));
		}

	}

	static class Failing {

		@TaskAggregator(group = "bad", maxSize = "1")
		TaskRequest merge(List<GroupedTask<String>> tasks) {
			throw new IllegalStateException("not today");
		}

	}

	static class Listener implements AggregationListener {

		private final Received received;

		Listener(Received received) {
			this.received = received;
		}

		@Override
		public void failed(String queue, String group, Throwable error, Instant until) {
			this.received.add(group + ": " + error.getMessage());
		}

	}

	static class BadSignature {

		@TaskAggregator("g")
		void merge(List<Mail> mails) {
		}

	}

}
