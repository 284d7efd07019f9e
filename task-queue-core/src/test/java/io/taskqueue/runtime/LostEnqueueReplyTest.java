package io.taskqueue.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import io.taskqueue.EnqueueResult;
import io.taskqueue.Enqueued;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskOptions;
import io.taskqueue.TaskRequest;
import io.taskqueue.client.ClientOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.FaultyProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One reply to an enqueue is lost. Its caller must hear what happened the first time: a
 * second execution would find its own task and call it a conflict.
 */
@ParameterizedClass
@MethodSource("io.taskqueue.runtime.Losing#usual")
class LostEnqueueReplyTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private QueueContent queue;

	@Parameter
	Losing losing;

	private FaultyProxy proxy;

	private TaskQueue taskQueue;

	private TaskTemplate template;

	@BeforeEach
	void connect() {
		this.losing.redis().flushAll();
		this.queue = new QueueContent(this.losing.redis(), "default");
		this.proxy = this.losing.proxy();
		this.taskQueue = this.losing.connect(this.proxy, this.losing.timeout(Duration.ofSeconds(1)));
		this.template = this.taskQueue.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(), patient());
	}

	@AfterEach
	void disconnect() {
		this.template.close();
		this.taskQueue.close();
		this.proxy.close();
	}

	@Test
	void ofOneTask() {
		this.proxy.loseNext("enqueue");
		TaskInfo task = this.template.once("type").uuid("one").enqueue();
		assertThat(task.enqueued()).isEqualTo(Enqueued.CREATED);
		assertThat(this.queue.ids("pending")).containsExactly("one");
		assertRepeated();
	}

	@Test
	void ofAReplacement() {
		this.template.once("type").uuid("one").payload("old").enqueue();
		this.proxy.loseNext("enqueue");
		TaskInfo task = this.template.once("type").uuid("one").payload("new").replace().enqueue();
		assertThat(task.enqueued()).isEqualTo(Enqueued.REPLACED);
		assertThat(this.queue.ids("pending")).containsExactly("one");
		assertThat(this.queue.task("one").get("msg")).contains("new").doesNotContain("old");
		assertRepeated();
	}

	@Test
	void ofAUniqueTaskThatIsDelayed() {
		this.proxy.loseNext("enqueue");
		TaskInfo task = this.template.once("type")
			.uuid("one")
			.unique(Duration.ofMinutes(1))
			.in(Duration.ofHours(1))
			.enqueue();
		assertThat(task.enqueued()).isEqualTo(Enqueued.CREATED);
		assertThat(this.queue.ids("scheduled")).containsExactly("one");
		assertRepeated();
	}

	@Test
	void ofAGroupOfCallers() throws InterruptedException {
		CountDownLatch gathered = holdFirstReplyAndLoseSecond();
		Queue<Enqueued> outcomes = new ConcurrentLinkedQueue<>();
		List<Thread> callers = new ArrayList<>();
		callers.add(enqueueBeside("task-0", outcomes));
		await().atMost(PATIENCE).until(() -> this.proxy.executed("enqueue") == 1);
		for (int i = 1; i < 9; i++) {
			callers.add(enqueueBeside("task-" + i, outcomes));
		}
		callers.stream()
			.skip(1)
			.forEach((caller) -> await().atMost(PATIENCE).until(() -> caller.getState() == Thread.State.TIMED_WAITING));
		gathered.countDown();
		for (Thread caller : callers) {
			caller.join(2 * PATIENCE.toMillis());
		}
		assertThat(outcomes).hasSize(9).containsOnly(Enqueued.CREATED);
		assertThat(this.queue.ids("pending")).hasSize(9).doesNotHaveDuplicates();
		assertRepeated();
	}

	@Test
	void ofABatchAmongMany() {
		this.proxy.loseNext("enqueue");
		List<TaskRequest> requests = IntStream.range(0, 200)
			.mapToObj((i) -> TaskRequest.of("type", i).with((options) -> options.withId("task-" + i)))
			.toList();
		assertThat(this.template.enqueueAll(requests)).extracting(EnqueueResult::outcome)
			.containsOnly(Enqueued.CREATED);
		assertThat(this.queue.ids("pending")).hasSize(200).doesNotHaveDuplicates();
		assertRepeated();
	}

	static ClientOptions patient() {
		ClientOptions defaults = ClientOptions.DEFAULTS;
		return new ClientOptions(PATIENCE, defaults.queue(), defaults.retry(), defaults.taskTimeout(),
				defaults.retention(), defaults.maxPayload(), defaults.maxHeaders(), defaults.batchSize(),
				defaults.batchBytes());
	}

	private Thread enqueueBeside(String id, Queue<Enqueued> outcomes) {
		Thread caller = new Thread(() -> outcomes.add(this.template.once("type").uuid(id).enqueue().enqueued()));
		caller.start();
		return caller;
	}

	private CountDownLatch holdFirstReplyAndLoseSecond() {
		CountDownLatch gathered = new CountDownLatch(1);
		this.proxy.lose((verb) -> {
			if (verb.equals("enqueue") && this.proxy.executed(verb) == 1) {
				awaitQuietly(gathered);
				return false;
			}
			return verb.equals("enqueue") && this.proxy.executed(verb) == 2;
		});
		return gathered;
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void assertRepeated() {
		assertThat(this.proxy.lost()).isEqualTo(1);
		assertThat(this.proxy.executed("enqueue")).isGreaterThanOrEqualTo(2);
	}

}
