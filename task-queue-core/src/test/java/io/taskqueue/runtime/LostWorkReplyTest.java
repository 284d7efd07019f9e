package io.taskqueue.runtime;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.taskqueue.RetryDelay;
import io.taskqueue.SkipRetryException;
import io.taskqueue.TaskOptions;
import io.taskqueue.client.TaskTemplate;
import io.taskqueue.handler.Handler;
import io.taskqueue.handler.HandlerRegistry;
import io.taskqueue.handler.JacksonPayloadCodec;
import io.taskqueue.testing.FaultyProxy;
import io.taskqueue.worker.WorkerHooks;
import io.taskqueue.worker.WorkerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One reply to a fetch or a settlement is lost. The worker repeats the call; the task
 * runs once and its outcome counts once.
 */
@ParameterizedClass
@MethodSource("io.taskqueue.runtime.Losing#usual")
class LostWorkReplyTest {

	/** Well below a lease of 30 s, after which the task would come back in any case. */
	private static final Duration SOON = Duration.ofSeconds(25);

	private QueueContent queue;

	private final AtomicInteger runs = new AtomicInteger();

	private final LostLeases lostLeases = new LostLeases();

	@Parameter
	Losing losing;

	private FaultyProxy proxy;

	private TaskQueue taskQueue;

	private TaskTemplate template;

	private WorkerNode node;

	@BeforeEach
	void connect() {
		this.losing.redis().flushAll();
		this.queue = new QueueContent(this.losing.redis(), "default");
		this.proxy = this.losing.proxy();
		this.taskQueue = this.losing.connect(this.proxy, this.losing.timeout(Duration.ofMillis(500)));
		this.template = this.taskQueue.template(new JacksonPayloadCodec(), (type) -> TaskOptions.unset(),
				LostEnqueueReplyTest.patient());
	}

	@AfterEach
	void disconnect() {
		this.node.stop();
		this.taskQueue.close();
		this.proxy.close();
	}

	@Test
	void ofAFetch() {
		start((task) -> null);
		enqueueAndLoseReplyOf("fetch");
		assertThat(this.runs).hasValue(1);
		assertCounted(1, 0);
		assertThat(this.queue.keysOfTasks()).isEmpty();
	}

	@Test
	void ofACompletion() {
		start((task) -> null);
		enqueueAndLoseReplyOf("complete");
		assertThat(this.runs).hasValue(1);
		assertCounted(1, 0);
		assertThat(this.queue.keysOfTasks()).isEmpty();
	}

	@Test
	void ofARetry() {
		start((task) -> {
			throw new IllegalStateException("broken");
		});
		enqueueAndLoseReplyOf("retry");
		assertThat(this.runs).hasValue(1);
		assertCounted(1, 1);
		assertThat(this.queue.keysOfTasks()).containsExactly("retry", "t:one", "tq:due");
		assertThat(this.queue.ids("retry")).containsExactly("one");
		assertThat(this.queue.task("one")).containsOnlyKeys("msg", "state").containsEntry("state", "retry");
	}

	@Test
	void ofAnArchival() {
		start((task) -> {
			throw new SkipRetryException("hopeless");
		});
		enqueueAndLoseReplyOf("archive");
		assertThat(this.runs).hasValue(1);
		assertCounted(1, 1);
		assertThat(this.queue.keysOfTasks()).containsExactly("archived", "t:one");
		assertThat(this.queue.ids("archived")).containsExactly("one");
		assertThat(this.queue.task("one")).containsOnlyKeys("msg", "state").containsEntry("state", "archived");
	}

	@Test
	void ofADeferral() {
		start(new HandlerRegistry());
		enqueueAndLoseReplyOf("release");
		assertCounted(0, 0);
		assertThat(this.queue.keysOfTasks()).containsExactly("scheduled", "t:one", "tq:due");
		assertThat(this.queue.ids("scheduled")).containsExactly("one");
		assertThat(this.queue.task("one").get("tq:deferred")).startsWith("2@");
	}

	@Test
	void ofARelease() {
		CountDownLatch interrupted = new CountDownLatch(1);
		start((task) -> {
			interrupted.await();
			return null;
		});
		this.template.once("type").uuid("one").enqueue();
		await().atMost(SOON).untilAtomic(this.runs, (runs) -> assertThat(runs).isEqualTo(1));
		this.proxy.loseNext("release");
		this.node.stop();
		assertRepeated("release");
		assertCounted(0, 0);
		assertThat(this.queue.keysOfTasks()).containsExactly("pending", "t:one");
		assertThat(this.queue.ids("pending")).containsExactly("one");
	}

	private void enqueueAndLoseReplyOf(String verb) {
		if (verb.equals("fetch")) {
			loseFirstFetchThatTakes();
		}
		else {
			this.proxy.loseNext(verb);
		}
		this.template.once("type").uuid("one").enqueue();
		await().atMost(SOON).until(() -> this.proxy.lost() == 1 && isSettled());
		assertRepeated(verb);
	}

	private void loseFirstFetchThatTakes() {
		AtomicInteger lost = new AtomicInteger();
		this.proxy
			.lose((verb) -> verb.equals("fetch") && !this.queue.ids("active").isEmpty() && lost.getAndIncrement() == 0);
	}

	private boolean isSettled() {
		return this.queue.ids("active").isEmpty() && this.queue.ids("pending").isEmpty()
				&& this.node.worker().unsettled() == 0;
	}

	private void assertRepeated(String verb) {
		assertThat(this.proxy.lost()).isEqualTo(1);
		assertThat(this.proxy.executed(verb)).isGreaterThanOrEqualTo(2);
		assertThat(this.lostLeases.ids()).isEmpty();
	}

	private void assertCounted(long processed, long failed) {
		assertThat(this.queue.counter("processed")).isEqualTo(processed);
		assertThat(this.queue.counter("failed")).isEqualTo(failed);
	}

	private void start(Handler.Function function) {
		HandlerRegistry handlers = new HandlerRegistry();
		handlers.register(new Handler("type", "LostWorkReplyTest", Handler.Policy.STANDARD, (task) -> {
			this.runs.incrementAndGet();
			return function.handle(task);
		}));
		start(handlers);
	}

	private void start(HandlerRegistry handlers) {
		this.node = this.taskQueue.node(handlers, WorkerHooks.none().withListeners(List.of(this.lostLeases)),
				WorkerOptions.standard()
					.withRetryDelay(RetryDelay.fixed(Duration.ofHours(1)))
					.withShutdownTimeout(Duration.ZERO));
		this.node.start();
	}

}
