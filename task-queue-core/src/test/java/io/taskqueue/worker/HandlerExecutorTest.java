package io.taskqueue.worker;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.taskqueue.handler.Handler.Policy;
import io.taskqueue.wire.TaskMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.taskqueue.worker.TestWorker.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Handlers with executors of their own, and decorated runs.
 */
@Timeout(60)
class HandlerExecutorTest {

	private final TestWorker test = new TestWorker();

	private final ExecutorService executor = Executors.newFixedThreadPool(2, (task) -> new Thread(task, "report"));

	private final CountDownLatch go = new CountDownLatch(1);

	private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();

	@AfterEach
	void stop() {
		this.go.countDown();
		this.test.close();
		this.executor.shutdownNow();
	}

	@Test
	void runsOnTheExecutorOfTheHandler() throws Exception {
		this.test.handle("report", Policy.STANDARD.withExecutor(this.executor), (task) -> noteThread())
			.handle("other", (task) -> noteThread())
			.start();
		this.test.push("report", "a");
		assertThat(this.threads.take()).isEqualTo("report");
		this.test.push("other", "b");
		assertThat(this.threads.take()).startsWith("task-");
		await().until(() -> this.test.queue().done() == 2);
	}

	@Test
	void manyTasksOfBothKindsAreAllDone() {
		this.test.options((options) -> options.withConcurrency(3))
			.handle("report", Policy.STANDARD.withExecutor(this.executor), (task) -> null)
			.handle("other", (task) -> null);
		for (int i = 0; i < 500; i++) {
			this.test.push("report", "r" + i);
			this.test.push("other", "o" + i);
		}
		this.test.start();
		await().until(() -> this.test.queue().done() == 1000);
		await().until(() -> this.test.worker().running() == 0);
	}

	@Test
	void noMoreRunThanThereAreSlots() {
		ExecutorService wide = Executors.newCachedThreadPool();
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		this.test.options((options) -> options.withConcurrency(3))
			.handle("report", Policy.STANDARD.withExecutor(wide), (task) -> {
				most.accumulateAndGet(running.incrementAndGet(), Math::max);
				TimeUnit.MICROSECONDS.sleep(100);
				running.decrementAndGet();
				return null;
			});
		for (int i = 0; i < 500; i++) {
			this.test.push("report", "r" + i);
		}
		this.test.start();
		await().until(() -> this.test.queue().done() == 500);
		assertThat(most.get()).isBetween(1, 3);
		wide.shutdownNow();
	}

	@Test
	void aTimeoutInterruptsTheExecutorsThread() {
		AtomicBoolean interrupted = new AtomicBoolean();
		this.test.handle("report", Policy.STANDARD.withExecutor(this.executor), (task) -> {
			try {
				this.go.await();
			}
			catch (InterruptedException ex) {
				interrupted.set(true);
				throw ex;
			}
			return null;
		}).start();
		this.test.broker.push(task("report", "slow").timeout(1).build());
		await().until(() -> this.test.queue().retries().containsKey("slow"));
		assertThat(interrupted).isTrue();
	}

	@Test
	void aHandlerThatDoesNotComeBackHoldsItsSlotAndIsCountedAsStuck() {
		this.test
			.options((options) -> options.withInterruptGrace(Duration.ofMillis(50))
				.withShutdownTimeout(Duration.ofMillis(50)))
			.handle("report", Policy.STANDARD.withExecutor(this.executor), (task) -> {
				while (this.go.getCount() > 0) {
					Thread.onSpinWait();
				}
				return null;
			})
			.start();
		this.test.broker.push(task("report", "stuck").timeout(1).build());
		await().until(() -> this.test.worker().stuck() == 1);
		assertThat(this.test.worker().running()).isEqualTo(1);
		this.go.countDown();
		await().until(() -> this.test.worker().stuck() == 0 && this.test.worker().running() == 0);
	}

	@Test
	void whatTheExecutorRejectsIsPutOffWithoutUsingAnAttempt() {
		this.test.options((options) -> options.withConcurrency(1))
			.handle("report", Policy.STANDARD.withExecutor((run) -> {
				throw new RejectedExecutionException("full");
			}), (task) -> noteThread())
			.handle("other", (task) -> null)
			.start();
		this.test.push("report", "a");
		await().until(() -> this.test.queue().scheduled().containsKey("a"));
		assertThat(this.test.queue().retries()).isEmpty();
		// The only slot is free again
		this.test.push("other", "b");
		await().until(() -> this.test.queue().done() == 1);
		assertThat(this.threads).isEmpty();
	}

	@Test
	void whatWaitsInTheExecutorIsGivenBackAtAStop() {
		Queue<Runnable> forgotten = new ConcurrentLinkedQueue<>();
		this.test.handle("report", Policy.STANDARD.withExecutor(forgotten::add), (task) -> noteThread()).start();
		this.test.push("report", "a", "b");
		await().until(() -> forgotten.size() == 2);
		this.test.worker().stop();
		assertThat(this.test.queue().pending()).containsExactlyInAnyOrder("a", "b");
		forgotten.forEach(Runnable::run);
		assertThat(this.threads).isEmpty();
	}

	@Test
	void aRunIsDecoratedOnItsThread() throws Exception {
		ThreadLocal<String> context = new ThreadLocal<>();
		this.test.hooks((hooks) -> hooks.withDecorator((run) -> () -> {
			context.set("decorated");
			try {
				run.run();
			}
			finally {
				context.remove();
			}
		})).handle("any", (task) -> {
			this.threads.add(String.valueOf(context.get()));
			if (task.retried() == 0) {
				throw new IllegalStateException("as without a decorator");
			}
			return null;
		}).start();
		this.test.push("any", "a");
		assertThat(this.threads.take()).isEqualTo("decorated");
		await().until(() -> this.test.queue().retries().containsKey("a"));
		assertThat(TaskMessage.decode(this.test.queue().retries().get("a").message()).errorMsg())
			.contains("as without a decorator");
	}

	@Test
	void aDecoratorThatDoesNotRunTheTaskFailsIt() {
		this.test.hooks((hooks) -> hooks.withDecorator((run) -> () -> {
		})).handle("any", (task) -> noteThread()).start();
		this.test.push("any", "a");
		await().until(() -> this.test.queue().retries().containsKey("a"));
		assertThat(TaskMessage.decode(this.test.queue().retries().get("a").message()).errorMsg())
			.contains("decorator has not run the task");
		assertThat(this.threads).isEmpty();
	}

	private Object noteThread() {
		this.threads.add(Thread.currentThread().getName());
		return null;
	}

}
