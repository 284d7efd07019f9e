package io.taskqueue.client;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.taskqueue.EnqueueResult;
import io.taskqueue.Enqueued;
import io.taskqueue.InvalidTaskException;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskQueueRefusedException;
import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.TaskRequest;
import io.taskqueue.TaskState;
import io.taskqueue.testing.InMemoryEnqueueBroker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(30)
class TaskTemplateTest {

	/** The common pool may have one thread only, and these calls wait for each other. */
	private static final Executor NEW_THREAD = (task) -> new Thread(task).start();

	private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

	private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

	private final InMemoryEnqueueBroker broker = new InMemoryEnqueueBroker(CLOCK);

	private final TaskTemplate template = template(Duration.ofSeconds(2));

	@Test
	void tellsWhatWasStored() {
		TaskInfo info = this.template.once("t")
			.uuid("a")
			.payload("x")
			.retry(3)
			.timeout(Duration.ofSeconds(5))
			.header("k", "v")
			.in(Duration.ofMinutes(1))
			.deadline(NOW.plusSeconds(90))
			.enqueue();
		assertThat(info).usingRecursiveComparison()
			.isEqualTo(new TaskInfo("a", "t", "default", TaskState.SCHEDULED, Enqueued.CREATED, new byte[] { 'x' },
					Map.of("k", "v"), 3, 0, Duration.ofSeconds(5), NOW.plusSeconds(90), Duration.ZERO,
					NOW.plusSeconds(60), null, null, null, null, null));
		assertThat(this.template.enqueue("t").nextProcessAt()).isEqualTo(NOW);
	}

	@Test
	void answersConflicts() {
		this.template.once("t").uuid("a").queue("q").enqueue();
		assertThatExceptionOfType(TaskConflictException.class)
			.isThrownBy(() -> this.template.once("t").uuid("a").queue("q").enqueue())
			.withMessage("task \"a\" of queue \"q\" was not enqueued: its id is taken by a task that is pending;"
					+ " use another id, or OnConflict.KEEP or REPLACE")
			.satisfies((ex) -> {
				assertThat(ex.reason()).isEqualTo(Enqueued.CONFLICT);
				assertThat(ex.queue()).isEqualTo("q");
				assertThat(ex.id()).isEqualTo("a");
			});
		assertThat(this.template.once("t").uuid("a").queue("q").keep().enqueue().enqueued()).isEqualTo(Enqueued.KEPT);
		assertThat(this.template.once("t").uuid("a").queue("q").replace().enqueue().enqueued())
			.isEqualTo(Enqueued.REPLACED);
		this.broker.move("q", "a", TaskState.ACTIVE);
		TaskInfo next = this.template.once("t").uuid("a").queue("q").replace().enqueue();
		assertThat(next.enqueued()).isEqualTo(Enqueued.NEXT);
		assertThat(next.state()).isEqualTo(TaskState.ACTIVE);
		assertThat(next.nextProcessAt()).isNull();
	}

	@Test
	void answersDuplicates() {
		this.template.once("t").unique(Duration.ofMinutes(1)).uniqueKey("p").enqueue();
		assertThatExceptionOfType(TaskConflictException.class)
			.isThrownBy(() -> this.template.once("t").uuid("b").unique(Duration.ofMinutes(1)).uniqueKey("p").enqueue())
			.withMessage("task \"b\" of queue \"default\" was not enqueued: another task holds the unique lock"
					+ " asynq:{default}:unique:t:83878c91171338902e0fe0fb97a8c47a; wait until that task is done"
					+ " or the lock has expired, or use another uniqueKey")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Enqueued.DUPLICATE));
	}

	@Test
	void takesOneTime() {
		OnceTask task = this.template.once("t").in(Duration.ofSeconds(1));
		assertThatExceptionOfType(InvalidTaskException.class).isThrownBy(() -> task.at(NOW))
			.withMessage("only one time may be given, were in(PT1S) and at(2030-01-01T00:00:00Z)");
		assertThatExceptionOfType(InvalidTaskException.class).isThrownBy(task::now)
			.withMessage("only one time may be given, were in(PT1S) and now()");
	}

	@Test
	void sendsNothingThatIsInvalid() {
		assertThatExceptionOfType(InvalidTaskException.class)
			.isThrownBy(() -> this.template.once("t").retry(-1).enqueue());
		assertThat(this.broker.calls()).isEmpty();
	}

	@Test
	void bulkAnswersEachInOrder() {
		List<TaskRequest> requests = List.of(once("a", "q1"), TaskRequest.of(" ", null), once("b", "q2"),
				once("c", "q1"), once("a", "q1"));
		List<EnqueueResult> results = this.template.enqueueAll(requests);
		assertThat(results).extracting(EnqueueResult::outcome)
			.containsExactly(Enqueued.CREATED, Enqueued.INVALID, Enqueued.CREATED, Enqueued.CREATED, Enqueued.CONFLICT);
		assertThat(results.get(0).orThrow().id()).isEqualTo("a");
		assertThat(results.get(1).error()).isInstanceOf(InvalidTaskException.class);
		assertThat(results.get(4).error()).isInstanceOf(TaskConflictException.class);
		assertThat(ids("q1")).containsExactly("a", "c");
		assertThat(ids("q2")).containsExactly("b");
		assertThat(this.template.enqueueAll(List.of())).isEmpty();
	}

	@Test
	void bulkBoundsItsBatches() {
		List<TaskRequest> requests = new ArrayList<>();
		for (int index = 0; index < 130; index++) {
			requests.add(once("small" + index, "small"));
		}
		for (int index = 0; index < 3; index++) {
			requests.add(new TaskRequest("t", "x".repeat(500_000), TaskOptions.unset().withQueue("large")));
		}
		assertThat(this.template.enqueueAll(requests)).allMatch((result) -> result.outcome() == Enqueued.CREATED);
		assertThat(this.broker.calls()).extracting((call) -> call.queue() + call.commands().size())
			.containsExactly("small64", "small64", "small2", "large2", "large1");
		assertThat(ids("small")).hasSize(130).startsWith("small0", "small1").endsWith("small129");
	}

	@Test
	void bulkRepeatsALostAnswerWithoutASecondEffect() {
		int[] failures = { 3 };
		this.broker.after((call) -> {
			if (failures[0]-- > 0) {
				throw new TaskQueueUnavailableException("reply lost", null);
			}
		});
		assertThat(this.template.enqueueAll(List.of(once("a", "q"), once("b", "q"))))
			.allMatch((result) -> result.outcome() == Enqueued.CREATED);
		assertThat(this.broker.calls()).hasSize(4)
			.extracting((call) -> call.batch())
			.containsOnly(this.broker.calls().get(0).batch());
	}

	@Test
	void bulkTellsWhatIsUnknownAndWhatWasNotSent() {
		this.broker.before((call) -> {
			if (call.queue().equals("down")) {
				throw new TaskQueueUnavailableException("no route to host", null);
			}
			if (call.queue().equals("locked")) {
				throw new TaskQueueRefusedException("no permission", null);
			}
		});
		List<TaskRequest> requests = new ArrayList<>();
		for (int index = 0; index < 65; index++) {
			requests.add(once("d" + index, "down"));
		}
		requests.add(once("a", "up"));
		requests.add(once("l", "locked"));
		List<EnqueueResult> results = template(Duration.ofMillis(100)).enqueueAll(requests);
		assertThat(results.subList(0, 65)).allMatch((result) -> result.outcome() == Enqueued.UNKNOWN);
		assertThat(results.get(0).error()).hasMessage("it is unknown whether task \"d0\" of queue \"down\" is stored:"
				+ " Redis did not confirm it within PT0.1S; repeating it with the same id and OnConflict.KEEP is safe. The last try: no route to host")
			.hasRootCauseMessage("no route to host");
		assertThat(results.get(64).error()).hasMessage(
				"task \"d64\" of queue \"down\" was not sent:" + " those before it were not confirmed within PT0.1S");
		assertThat(results.get(65).outcome()).isEqualTo(Enqueued.CREATED);
		assertThat(results.get(66).error()).isInstanceOf(TaskQueueRefusedException.class)
			.hasMessage("task \"l\" of queue \"locked\" was not stored: no permission");
	}

	@Test
	void closeWaitsForRunningCallsAndRefusesNewOnes() throws Exception {
		CountDownLatch sending = new CountDownLatch(1);
		CountDownLatch answer = new CountDownLatch(1);
		this.broker.after((call) -> {
			sending.countDown();
			await(answer);
		});
		CompletableFuture<TaskInfo> running = CompletableFuture.supplyAsync(() -> this.template.enqueue("t"),
				NEW_THREAD);
		assertThat(sending.await(10, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(this.template::close, NEW_THREAD);
		TaskTemplate closed = this.template;
		Awaitility.await()
			.untilAsserted(() -> assertThatExceptionOfType(TaskQueueUnavailableException.class)
				.isThrownBy(() -> closed.enqueueAll(List.of()))
				.withMessage("the task template is closed; nothing was sent"));
		assertThat(closing).isNotDone();
		answer.countDown();
		closing.get(10, TimeUnit.SECONDS);
		assertThat(running.get(10, TimeUnit.SECONDS).enqueued()).isEqualTo(Enqueued.CREATED);
		assertThatExceptionOfType(TaskQueueUnavailableException.class).isThrownBy(() -> closed.enqueue("t"));
		closed.close();
	}

	@Test
	void closeWaitsWithABound() throws Exception {
		TaskTemplate impatient = template(Duration.ofMillis(50));
		CountDownLatch sending = new CountDownLatch(1);
		CountDownLatch answer = new CountDownLatch(1);
		this.broker.before((call) -> {
			sending.countDown();
			await(answer);
		});
		CompletableFuture<TaskInfo> running = CompletableFuture.supplyAsync(() -> impatient.enqueue("t"), NEW_THREAD);
		assertThat(sending.await(10, TimeUnit.SECONDS)).isTrue();
		impatient.close();
		assertThat(running).isNotDone();
		answer.countDown();
		running.get(10, TimeUnit.SECONDS);
	}

	private TaskTemplate template(Duration timeout) {
		ClientOptions standard = ClientOptions.DEFAULTS;
		return new TaskTemplate(this.broker, new TextCodec(), (type) -> TaskOptions.unset(),
				new ClientOptions(timeout, standard.queue(), standard.retry(), standard.taskTimeout(),
						standard.retention(), standard.maxPayload(), standard.maxHeaders(), standard.batchSize(),
						standard.batchBytes()),
				CLOCK);
	}

	private TaskRequest once(String id, String queue) {
		return this.template.once("t").uuid(id).queue(queue).toRequest();
	}

	private List<String> ids(String queue) {
		return this.broker.tasks(queue).stream().map((task) -> task.command().id()).toList();
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
