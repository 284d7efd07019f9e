package io.taskqueue.loop;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Repeating, waiting, being woken and stopped.
 */
class LoopTest {

	private static final Duration LONG = Duration.ofMinutes(1);

	@Test
	void aWakeUpDuringAPassSkipsTheWaitAfterIt() throws Exception {
		CountDownLatch inPass = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		CountDownLatch twice = new CountDownLatch(2);
		Loop loop = started(() -> {
			twice.countDown();
			inPass.countDown();
			waitFor(goOn);
			return LONG;
		});
		inPass.await();
		loop.wake();
		goOn.countDown();
		twice.await();
		stopped(loop);
	}

	@Test
	void aWakeUpCutsAWaitShort() throws Exception {
		AtomicReference<Thread> thread = new AtomicReference<>();
		CountDownLatch first = new CountDownLatch(1);
		CountDownLatch twice = new CountDownLatch(2);
		Loop loop = started(() -> {
			thread.set(Thread.currentThread());
			first.countDown();
			twice.countDown();
			return LONG;
		});
		first.await();
		while (thread.get().getState() != Thread.State.TIMED_WAITING) {
			Thread.onSpinWait();
		}
		loop.wake();
		twice.await();
		stopped(loop);
	}

	@Test
	void aRestartableLoopRunsOnAtMostOneThreadAtATime() throws Exception {
		AtomicInteger threads = new AtomicInteger();
		Semaphore passes = new Semaphore(0);
		RestartableLoop loop = new RestartableLoop("test", () -> {
			assertThat(threads.incrementAndGet()).isEqualTo(1);
			threads.decrementAndGet();
			passes.release();
			return Duration.ZERO;
		});
		loop.stop();
		for (int start = 0; start < 3; start++) {
			loop.start();
			loop.start();
			assertThat(loop.isRunning()).isTrue();
			passes.acquire(3);
			loop.stop();
			loop.stop();
			assertThat(loop.isRunning()).isFalse();
			int done = passes.drainPermits();
			assertThat(passes.availablePermits()).as("passes after the stop, beside " + done).isZero();
		}
	}

	@Test
	void passesMayFailInAnyWay() throws Exception {
		AtomicInteger passes = new AtomicInteger();
		CountDownLatch again = new CountDownLatch(1);
		Loop loop = started(() -> {
			switch (passes.incrementAndGet()) {
				case 1 -> throw new IllegalStateException("expected by the test");
				case 2 -> throw new AssertionError("expected by the test");
				default -> again.countDown();
			}
			return Duration.ZERO;
		});
		again.await();
		stopped(loop);
	}

	@Test
	void aFailingPassIsNotRepeatedInAFrenzyWhoeverWakesIt() throws Exception {
		AtomicInteger passes = new AtomicInteger();
		AtomicReference<Thread> thread = new AtomicReference<>();
		CountDownLatch failed = new CountDownLatch(1);
		Loop loop = started(() -> {
			thread.set(Thread.currentThread());
			passes.incrementAndGet();
			failed.countDown();
			throw new IllegalStateException("expected by the test");
		});
		failed.await();
		// As many wake-ups as it takes until the thread was seen to wait a hundred times
		for (int seen = 0; seen < 100;) {
			loop.wake();
			seen += (thread.get().getState() == Thread.State.TIMED_WAITING) ? 1 : 0;
		}
		assertThat(passes.get()).isLessThan(100);
		stopped(loop);
	}

	@Test
	void anInterruptDoesNotMakeItSpin() throws Exception {
		AtomicReference<Boolean> interrupted = new AtomicReference<>();
		AtomicInteger passes = new AtomicInteger();
		CountDownLatch twice = new CountDownLatch(2);
		Loop loop = started(() -> {
			if (passes.incrementAndGet() == 1) {
				Thread.currentThread().interrupt();
				twice.countDown();
				return Duration.ofMillis(1);
			}
			interrupted.compareAndSet(null, Thread.currentThread().isInterrupted());
			twice.countDown();
			return LONG;
		});
		twice.await();
		assertThat(interrupted.get()).isFalse();
		stopped(loop);
	}

	@Test
	void stoppedBeforeItsStartItNeverRuns() {
		AtomicInteger passes = new AtomicInteger();
		Loop loop = new Loop("test-loop", () -> {
			passes.incrementAndGet();
			return LONG;
		});
		loop.stop();
		loop.start();
		assertThat(loop.join(Duration.ofSeconds(10))).isTrue();
		assertThat(passes).hasValue(0);
	}

	private static Loop started(Loop.Pass pass) {
		Loop loop = new Loop("test-loop", pass);
		loop.start();
		return loop;
	}

	private static void stopped(Loop loop) {
		loop.stop();
		loop.stop();
		assertThat(loop.join(Duration.ofSeconds(10))).isTrue();
	}

	private static void waitFor(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
