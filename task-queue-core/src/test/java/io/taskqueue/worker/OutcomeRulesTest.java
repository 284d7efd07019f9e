package io.taskqueue.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.taskqueue.RetryDelay;
import io.taskqueue.RetryLaterException;
import io.taskqueue.RevokeTaskException;
import io.taskqueue.SkipRetryException;
import io.taskqueue.TaskContext;
import io.taskqueue.TaskOptions;
import io.taskqueue.broker.Deferral;
import io.taskqueue.broker.WorkBroker.Completion;
import io.taskqueue.broker.WorkBroker.Retry;
import io.taskqueue.handler.Handler.Policy;
import io.taskqueue.testing.InMemoryBroker;
import io.taskqueue.testing.InMemoryBroker.Call;
import io.taskqueue.testing.Scenario;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.taskqueue.worker.TestWorker.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of a task, for every way in which an attempt can end.
 */
class OutcomeRulesTest {

	private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

	private final TestWorker test = new TestWorker(Clock.fixed(NOW, ZoneOffset.UTC));

	@AfterEach
	void stop() {
		this.test.close();
	}

	@Test
	void returningCompletes() {
		this.test.handle("ok", (task) -> "not bytes").start();
		this.test.push("ok", "a");
		await().until(() -> this.test.queue().done() == 1);
		assertThat(this.test.queue().active()).isEmpty();
		assertThat(this.test.queue().completed()).isEmpty();
	}

	@Test
	void retentionKeepsTheRecordAndTheBytesReturned() {
		this.test.handle("ok", (task) -> bytes("done")).start();
		this.test.broker.push(task("ok", "a").retention(60).uniqueKey("lock").build());
		await().until(() -> this.test.queue().completed().size() == 1);
		Completion kept = this.test.queue().completed().get("a");
		assertThat(kept.purgeAt()).isEqualTo(NOW.plusSeconds(60));
		assertThat(kept.uniqueKey()).isEqualTo("lock");
		assertThat(TaskMessage.decode(kept.retained()).completedAt()).isEqualTo(NOW.getEpochSecond());
		assertThat(this.test.queue().result("a")).isEqualTo(bytes("done"));
	}

	@Test
	void handlersWriteResultsWhileTheyRunButNotAfterwards() {
		AtomicReference<TaskContext> seen = new AtomicReference<>();
		this.test.handle("ok", (task) -> {
			task.writeResult(bytes("half"));
			seen.set(task);
			return null;
		}).start();
		this.test.push("ok", "a");
		await().until(() -> this.test.queue().done() == 1);
		assertThat(this.test.queue().result("a")).isEqualTo(bytes("half"));
		assertThatIllegalStateException().isThrownBy(() -> seen.get().writeResult(bytes("late")))
			.withMessageContaining("'a'");
	}

	@Test
	void anExceptionIsAFailure() {
		this.test.handle("fail", (task) -> {
			throw new IOException("boom");
		}).start();
		this.test.push("fail", "a");
		Retry retry = awaitRetry("a");
		assertThat(retry.failure()).isTrue();
		assertThat(retry.at()).isEqualTo(NOW.plusSeconds(10));
		TaskMessage after = TaskMessage.decode(retry.message());
		assertThat(after.retried()).isEqualTo(1);
		assertThat(after.errorMsg()).isEqualTo("IOException: boom");
		assertThat(after.lastFailedAt()).isEqualTo(NOW.getEpochSecond());
		assertThat(after.headers()).containsEntry("trace", "1");
	}

	@Test
	void errorsAreFailuresToo() {
		this.test.handle("deep", (task) -> {
			throw new StackOverflowError();
		}).handle("linkage", (task) -> {
			throw new NoClassDefFoundError("gone");
		}).handle("memory", (task) -> {
			throw new OutOfMemoryError("test");
		}).start();
		this.test.push("deep", "a");
		this.test.push("linkage", "b");
		this.test.push("memory", "c");
		await().until(() -> this.test.queue().retries().size() == 3);
		assertThat(error(awaitRetry("a").message())).isEqualTo("StackOverflowError");
		assertThat(error(awaitRetry("b").message())).isEqualTo("NoClassDefFoundError: gone");
	}

	@Test
	@Scenario(34)
	void theLastRetryIsFollowedByTheArchive() {
		this.test.handle("fail", (task) -> {
			throw new IOException("boom");
		}).start();
		this.test.broker.push(task("fail", "a").retry(3, 3).build());
		TaskMessage archived = awaitArchived("a");
		assertThat(archived.retried()).isEqualTo(3);
		assertThat(archived.errorMsg()).isEqualTo("IOException: boom");
	}

	@Test
	void revokingDropsTheTaskEvenWithRetention() {
		this.test.handle("revoke", (task) -> {
			throw new IllegalStateException(new RevokeTaskException("no longer needed"));
		}).start();
		this.test.broker.push(task("revoke", "a").retention(60).build());
		await().until(() -> this.test.queue().done() == 1);
		assertThat(this.test.queue().completed()).isEmpty();
	}

	@Test
	@Scenario(34)
	void skippingRetriesArchives() {
		this.test.handle("skip", (task) -> {
			throw new IllegalStateException("outer", new SkipRetryException("hopeless"));
		}).start();
		this.test.push("skip", "a");
		assertThat(awaitArchived("a").errorMsg()).isEqualTo("IllegalStateException: outer");
	}

	@Test
	void exceptionsNotRetriedForArchive() {
		Policy policy = new Policy(TaskOptions.unset(), null, List.of(IOException.class), 0);
		this.test.handle("fail", policy, (task) -> {
			throw new IllegalStateException(new IOException("boom"));
		}).start();
		this.test.push("fail", "a");
		assertThat(awaitArchived("a").retried()).isZero();
	}

	@Test
	void retryingLaterIsNoFailureEvenWithoutRetriesLeft() {
		this.test.handle("later", (task) -> {
			throw new RetryLaterException(Duration.ofMinutes(5));
		}).start();
		this.test.broker.push(task("later", "a").retry(1, 1).build());
		Retry retry = awaitRetry("a");
		assertThat(retry.failure()).isFalse();
		assertThat(retry.at()).isEqualTo(NOW.plusSeconds(300));
		assertThat(TaskMessage.decode(retry.message()).retried()).isEqualTo(1);
	}

	@Test
	@Scenario(33)
	void whatIsNoFailureUsesNoAttemptUnlessNoneIsLeft() {
		this.test.options((options) -> options.withFailurePredicate((error) -> !(error instanceof IOException)))
			.handle("fail", (task) -> {
				throw new IOException("busy");
			})
			.start();
		this.test.push("fail", "a");
		this.test.broker.push(task("fail", "b").retry(1, 1).build());
		Retry retry = awaitRetry("a");
		assertThat(retry.failure()).isFalse();
		assertThat(TaskMessage.decode(retry.message()).retried()).isZero();
		awaitArchived("b");
	}

	@Test
	void theHandlersOwnDelayWinsAndABrokenOneIsReplaced() {
		this.test.handle("own", policy(RetryDelay.fixed(Duration.ofHours(1))), OutcomeRulesTest::fail)
			.handle("negative", policy((retried, error, task) -> Duration.ofSeconds(-1)), OutcomeRulesTest::fail)
			.handle("broken", policy((retried, error, task) -> {
				throw new IllegalStateException("mistake");
			}), OutcomeRulesTest::fail)
			.start();
		this.test.push("own", "a");
		this.test.push("negative", "b");
		this.test.push("broken", "c");
		assertThat(awaitRetry("a").at()).isEqualTo(NOW.plusSeconds(3600));
		assertThat(awaitRetry("b").at()).isBetween(NOW.plusSeconds(8), NOW.plusSeconds(12));
		assertThat(awaitRetry("c").at()).isBetween(NOW.plusSeconds(8), NOW.plusSeconds(12));
	}

	@Test
	void longErrorTextsAreCutBetweenCharacters() {
		this.test.options((options) -> options.withMaxErrorText(64)).handle("fail", (task) -> {
			throw new IOException("é".repeat(100));
		}).start();
		this.test.push("fail", "a");
		String text = error(awaitRetry("a").message());
		assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(63, 64);
		assertThat(text).endsWith("é");
	}

	@Test
	void anUnreadableRecordIsArchivedWithWhatIsKnown() {
		byte[] record = { 1, 2, 3 };
		this.test.start();
		this.test.queue().push("a", record);
		TaskMessage archived = awaitArchived("a");
		assertThat(archived.type()).isEqualTo("taskqueue:undecodable");
		assertThat(archived.payload()).isEqualTo(record);
		assertThat(archived.id()).isEqualTo("a");
		assertThat(archived.queue()).isEqualTo("default");
		assertThat(archived.errorMsg()).contains("not a valid TaskMessage record");
	}

	@Test
	void anUnknownTypeIsPutOffForLongerAndLonger() {
		this.test.start();
		this.test.queue().deferred("b", new Deferral(2, NOW.minusSeconds(5)));
		this.test.queue().deferred("c", new Deferral(9, NOW.minusSeconds(5000)));
		this.test.push("other", "a", "b", "c");
		await().until(() -> this.test.queue().scheduled().size() == 3);
		assertThat(this.test.queue().scheduled().get("a")).isBetween(NOW.plusMillis(3700), NOW.plusMillis(6300));
		assertThat(this.test.queue().scheduled().get("b")).isBetween(NOW.plusMillis(7500), NOW.plusMillis(12500));
		assertThat(this.test.queue().scheduled().get("c")).isBetween(NOW.plusSeconds(45), NOW.plusSeconds(75));
		assertThat(this.test.queue().deferral("a")).isEqualTo(new Deferral(2, NOW));
		assertThat(this.test.queue().deferral("b")).isEqualTo(new Deferral(3, NOW.minusSeconds(5)));
	}

	@Test
	void anUnknownTypeIsArchivedWhenNobodyHandlesItForLong() {
		this.test.hooks((hooks) -> hooks.withTypes((queue, type) -> true)).start();
		this.test.queue().deferred("a", new Deferral(9, NOW.minusSeconds(600)));
		this.test.queue().deferred("b", new Deferral(9, NOW.minusSeconds(599)));
		this.test.push("other", "a", "b");
		assertThat(awaitArchived("a").errorMsg()).contains("handler not found for task \"other\"");
		await().until(() -> this.test.queue().scheduled().containsKey("b"));
	}

	@Test
	void aTaskPastItsDeadlineFailsWithoutBeingRun() {
		AtomicInteger runs = new AtomicInteger();
		this.test.handle("ok", (task) -> runs.incrementAndGet()).start();
		this.test.broker.push(task("ok", "a").deadline(NOW.getEpochSecond()).build());
		Retry retry = awaitRetry("a");
		assertThat(error(retry.message())).isEqualTo("context deadline exceeded");
		assertThat(retry.failure()).isTrue();
		assertThat(runs).hasValue(0);
	}

	@Test
	void interceptorsRunInOrderAndMayChangeTheEnding() {
		List<String> order = new CopyOnWriteArrayList<>();
		this.test.hooks((hooks) -> hooks.withInterceptors(List.of((task, next) -> {
			order.add("1");
			Object result = next.proceed();
			order.add("4");
			return result;
		}, (task, next) -> {
			order.add("2");
			next.proceed();
			throw new RevokeTaskException("by interceptor");
		}))).handle("ok", (task) -> order.add("3")).start();
		this.test.push("ok", "a");
		await().until(() -> this.test.queue().done() == 1);
		assertThat(order).containsExactly("1", "2", "3");
	}

	@Test
	void aThrowingListenerHarmsNothing() {
		this.test.hooks((hooks) -> hooks.withListeners(List.of(new WorkerListener() {
			@Override
			public void started(TaskContext task) {
				throw new IllegalStateException("mistake");
			}

			@Override
			public void ended(TaskContext task, Ending ending, Throwable error, Duration ran) {
				throw new IllegalStateException("mistake");
			}
		}))).handle("ok", (task) -> null).start();
		this.test.push("ok", "a", "b");
		await().until(() -> this.test.queue().done() == 2);
	}

	@Test
	void aHandlerOverItsLimitGivesTheTaskBackForAMoment() {
		CountDownLatch go = new CountDownLatch(1);
		AtomicInteger running = new AtomicInteger();
		this.test.handle("one", new Policy(TaskOptions.unset(), null, List.of(), 1), (task) -> {
			running.incrementAndGet();
			go.await();
			return null;
		}).start();
		this.test.push("one", "a", "b");
		await().until(() -> this.test.queue().scheduled().size() == 1 && running.get() == 1);
		go.countDown();
		await().until(() -> this.test.queue().done() == 1);
		this.test.push("one", "c");
		await().until(() -> this.test.queue().done() == 2);
	}

	@Test
	void aHandlerOverItsLimitOnAllServersGivesTheTaskBackForAMoment() {
		CountDownLatch go = new CountDownLatch(1);
		List<String> running = new CopyOnWriteArrayList<>();
		this.test.broker.acquire("two", 2, "elsewhere", NOW.plusSeconds(60));
		this.test.handle("two", new Policy(TaskOptions.unset(), null, List.of(), 0, 2), (task) -> {
			running.add(task.id());
			go.await();
			return null;
		}).start();
		this.test.push("two", "a", "b");
		await().until(() -> this.test.queue().scheduled().size() == 1 && running.size() == 1);
		assertThat(this.test.queue().scheduled().values()).first()
			.satisfies((due) -> assertThat(due).isBetween(NOW.plusMillis(400), NOW.plusMillis(800)));
		go.countDown();
		await().until(() -> this.test.queue().done() == 1);
		this.test.push("two", "c");
		await().until(() -> this.test.queue().done() == 2);
		assertThat(this.test.broker.release("two", "elsewhere")).as("still counted").isTrue();
		assertThat(this.test.broker.release("two", "a")).as("given back").isFalse();
	}

	@Test
	void aTaskWhosePermitIsNotKnownIsTriedAgainLater() {
		this.test.broker.before((seen) -> (seen.call() == Call.ACQUIRE) ? InMemoryBroker.away() : null);
		this.test.handle("two", new Policy(TaskOptions.unset(), null, List.of(), 1, 2), (task) -> null).start();
		this.test.push("two", "a");
		await().until(() -> this.test.queue().scheduled().containsKey("a"));
		this.test.broker.heal();
		this.test.push("two", "b");
		await().until(() -> this.test.queue().done() == 1);
	}

	@Test
	void aPausedTypeIsPutOffForLongerAndLongerAndNeverArchived() {
		Set<String> paused = ConcurrentHashMap.newKeySet();
		paused.add("ok");
		AtomicInteger runs = new AtomicInteger();
		this.test.hooks((hooks) -> hooks.withPaused(paused::contains).withTypes((queue, type) -> true))
			.handle("ok", (task) -> runs.incrementAndGet())
			.handle("other", (task) -> runs.addAndGet(100))
			.start();
		this.test.queue().deferred("b", new Deferral(9, NOW.minusSeconds(5000)));
		this.test.push("ok", "a", "b");
		this.test.push("other", "c");
		await().until(() -> this.test.queue().scheduled().size() == 2 && this.test.queue().done() == 1);
		assertThat(runs).hasValue(100);
		assertThat(this.test.queue().scheduled().get("a")).isBetween(NOW.plusMillis(3700), NOW.plusMillis(6300));
		assertThat(this.test.queue().scheduled().get("b")).isBetween(NOW.plusSeconds(45), NOW.plusSeconds(75));
		assertThat(this.test.queue().deferral("b")).isEqualTo(new Deferral(10, NOW));
		paused.clear();
		this.test.push("ok", "d");
		await().until(() -> this.test.queue().done() == 2);
		assertThat(runs).hasValue(101);
	}

	@Test
	void errorHandlersHearOfFailedAttemptsBeforeTheyAreSettled() {
		List<String> heard = new CopyOnWriteArrayList<>();
		this.test.hooks((hooks) -> hooks.withErrorHandlers(List.of((task, error) -> {
			throw new AssertionError("expected by the test");
		}, (task, error) -> {
			boolean settled = this.test.queue().retries().containsKey(task.id())
					|| this.test.queue().archived().containsKey(task.id());
			heard.add(task.id() + " " + error.getMessage() + (settled ? " settled" : ""));
		}))).handle("fail", OutcomeRulesTest::fail).handle("skip", (task) -> {
			throw new SkipRetryException("skip");
		}).handle("later", (task) -> {
			throw new RetryLaterException(Duration.ofSeconds(1));
		}).handle("revoke", (task) -> {
			throw new RevokeTaskException("revoke");
		}).handle("ok", (task) -> null).start();
		this.test.push("fail", "a");
		this.test.push("skip", "b");
		this.test.push("later", "c");
		this.test.push("revoke", "d");
		this.test.push("ok", "e");
		this.test.broker.push(task("ok", "f").deadline(NOW.getEpochSecond()).build());
		awaitRetry("a");
		awaitArchived("b");
		awaitRetry("c");
		awaitRetry("f");
		await().until(() -> this.test.queue().done() == 2);
		assertThat(heard).containsExactlyInAnyOrder("a boom", "b skip", "f context deadline exceeded");
	}

	private Retry awaitRetry(String id) {
		await().until(() -> this.test.queue().retries().containsKey(id));
		return this.test.queue().retries().get(id);
	}

	private TaskMessage awaitArchived(String id) {
		await().until(() -> this.test.queue().archived().containsKey(id));
		return TaskMessage.decode(this.test.queue().archived().get(id));
	}

	private static Policy policy(RetryDelay delay) {
		return new Policy(TaskOptions.unset(), delay, List.of(), 0);
	}

	private static Object fail(TaskContext task) throws IOException {
		throw new IOException("boom");
	}

	private static String error(byte[] record) {
		return TaskMessage.decode(record).errorMsg();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
