package io.taskqueue.client;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.EnqueueInterceptor;
import io.taskqueue.EnqueueResult;
import io.taskqueue.Enqueued;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.TaskRequest;
import io.taskqueue.testing.InMemoryEnqueueBroker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class EnqueueInterceptorTest {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2030-01-01T00:00:00Z"), ZoneOffset.UTC);

	private final InMemoryEnqueueBroker broker = new InMemoryEnqueueBroker(CLOCK);

	private final List<String> seen = new ArrayList<>();

	@Test
	void runInTheirOrderAroundBothCalls() {
		TaskTemplate template = template(this::outer, this::inner);
		assertThat(template.enqueue("t").headers()).containsEntry("by", "inner").containsEntry("outer", "true");
		assertThat(this.seen).containsExactly("outer 1", "inner 1", "inner [CREATED]", "outer [CREATED]");
		this.seen.clear();
		List<EnqueueResult> results = template.enqueueAll(List.of(TaskRequest.of("a", 1), TaskRequest.of("b", 2)));
		assertThat(results).extracting((result) -> result.orThrow().headers().get("by")).containsOnly("inner");
		assertThat(this.seen).containsExactly("outer 2", "inner 2", "inner [CREATED, CREATED]",
				"outer [CREATED, CREATED]");
	}

	@Test
	void seeWhatWillBeStored() {
		List<TaskOptions> options = new ArrayList<>();
		TaskInfo info = template((requests, next) -> {
			options.add(requests.get(0).options());
			return next.proceed(requests);
		}).enqueue("t");
		assertThat(options).singleElement().satisfies((seen) -> {
			assertThat(seen.id()).isEqualTo(info.id());
			assertThat(seen.queue()).isEqualTo("default");
			assertThat(seen.retry()).isEqualTo(7);
		});
	}

	@Test
	void seeFailuresAsAnswersAndCallersSeeThemAsBefore() {
		TaskTemplate template = template(this::outer);
		template.once("t").uuid("a").enqueue();
		assertThatExceptionOfType(TaskConflictException.class).isThrownBy(() -> template.once("t").uuid("a").enqueue());
		assertThatExceptionOfType(InvalidTaskException.class).isThrownBy(() -> template.enqueue(" "));
		this.broker.before((call) -> {
			throw new TaskQueueUnavailableException("gone", null);
		});
		TaskTemplate impatient = new TaskTemplate(this.broker, new TextCodec(), (type) -> TaskOptions.unset(),
				impatient(), List.of(this::outer), CLOCK);
		assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> impatient.enqueue("t"));
		assertThat(this.seen).filteredOn((line) -> line.contains("["))
			.containsExactly("outer [CREATED]", "outer [CONFLICT]", "outer [INVALID]", "outer [UNKNOWN]");
	}

	@Test
	void reachTheCallerWithWhatTheyThrow() {
		TaskTemplate template = template((requests, next) -> {
			throw new UnsupportedOperationException("not here");
		});
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> template.enqueue("t"));
		assertThat(this.broker.tasks("default")).isEmpty();
	}

	@Test
	void mayNotChangeTheNumberOfTasks() {
		assertThatIllegalStateException()
			.isThrownBy(() -> template((requests, next) -> next.proceed(List.of())).enqueue("t"))
			.withMessageContaining("made 0 requests of 1 requests");
		assertThatIllegalStateException().isThrownBy(() -> template((requests, next) -> List.of()).enqueue("t"))
			.withMessageContaining("made 0 answers of 1 requests");
	}

	private List<EnqueueResult> outer(List<TaskRequest> requests, EnqueueInterceptor.Invocation next) {
		return logged("outer", requests,
				(changed) -> next.proceed(withHeader(withHeader(changed, "by", "outer"), "outer", "true")));
	}

	private List<EnqueueResult> inner(List<TaskRequest> requests, EnqueueInterceptor.Invocation next) {
		return logged("inner", requests, (changed) -> next.proceed(withHeader(changed, "by", "inner")));
	}

	private List<EnqueueResult> logged(String name, List<TaskRequest> requests, EnqueueInterceptor.Invocation next) {
		this.seen.add(name + ' ' + requests.size());
		List<EnqueueResult> results = next.proceed(requests);
		List<Enqueued> outcomes = results.stream().map(EnqueueResult::outcome).toList();
		this.seen.add(name + ' ' + outcomes);
		return results;
	}

	private static List<TaskRequest> withHeader(List<TaskRequest> requests, String name, String value) {
		return requests.stream().map((request) -> request.with((options) -> options.withHeader(name, value))).toList();
	}

	private TaskTemplate template(EnqueueInterceptor... interceptors) {
		return new TaskTemplate(this.broker, new TextCodec(), (type) -> TaskOptions.unset().withRetry(7),
				ClientOptions.DEFAULTS, List.of(interceptors), CLOCK);
	}

	private static ClientOptions impatient() {
		ClientOptions standard = ClientOptions.DEFAULTS;
		return new ClientOptions(Duration.ofMillis(20), standard.queue(), standard.retry(), standard.taskTimeout(),
				standard.retention(), standard.maxPayload(), standard.maxHeaders(), standard.batchSize(),
				standard.batchBytes());
	}

}
