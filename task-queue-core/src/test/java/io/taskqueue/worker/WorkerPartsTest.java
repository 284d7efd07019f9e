package io.taskqueue.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static io.taskqueue.worker.TestWorker.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The small parts by themselves.
 */
class WorkerPartsTest {

	private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

	@Test
	void optionsHaveDefaultsAndCheckThemselves() {
		WorkerOptions options = WorkerOptions.standard();
		assertThat(options.queues()).containsExactly(Map.entry("default", 1));
		assertThat(options.strict()).isFalse();
		assertThat(options.concurrency()).isGreaterThanOrEqualTo(10);
		assertThat(options.shutdownTimeout()).isEqualTo(Duration.ofSeconds(8));
		assertThat(options.interruptGrace()).isEqualTo(Duration.ofSeconds(5));
		assertThat(options.onCancel()).isEqualTo(WorkerOptions.OnCancel.ARCHIVE);
		assertThat(options.maxErrorText()).isEqualTo(4096);
		assertThatIllegalArgumentException().isThrownBy(() -> options.withConcurrency(0))
			.withMessageContaining("concurrency");
		assertThatIllegalArgumentException().isThrownBy(() -> options.withQueues(Map.of()))
			.withMessageContaining("queues");
		assertThatIllegalArgumentException().isThrownBy(() -> options.withQueues(Map.of("low", 0)))
			.withMessageContaining("'low'");
		assertThatIllegalArgumentException().isThrownBy(() -> options.withShutdownTimeout(Duration.ofSeconds(-1)))
			.withMessageContaining("shutdownTimeout");
	}

	@Test
	void theEarlierOfTimeoutAndDeadlineEndsAnAttempt() {
		long soon = NOW.plusSeconds(10).getEpochSecond();
		assertThat(Deadlines.of(task("t", "a").timeout(60).deadline(soon).build(), NOW)).isEqualTo(NOW.plusSeconds(10));
		assertThat(Deadlines.of(task("t", "a").timeout(5).deadline(soon).build(), NOW)).isEqualTo(NOW.plusSeconds(5));
		assertThat(Deadlines.of(task("t", "a").timeout(60).build(), NOW)).isEqualTo(NOW.plusSeconds(60));
		assertThat(Deadlines.of(task("t", "a").timeout(0).deadline(soon).build(), NOW)).isEqualTo(NOW.plusSeconds(10));
		assertThat(Deadlines.of(task("t", "a").timeout(0).build(), NOW)).isEqualTo(NOW.plusSeconds(1800));
		assertThat(Deadlines.of(task("t", "a").timeout(Long.MAX_VALUE).deadline(Long.MAX_VALUE).build(), NOW))
			.isAfter(NOW.plus(Duration.ofDays(30000)));
	}

	@Test
	void errorTextsNameTheClassAndAreCut() {
		assertThat(ErrorText.of(new IOException("boom"), 100)).isEqualTo("IOException: boom");
		assertThat(ErrorText.of(new IOException(), 100)).isEqualTo("IOException");
		assertThat(ErrorText.of(ErrorText.timeout(), 100)).isEqualTo("context deadline exceeded");
		assertThat(ErrorText.of(ErrorText.cancelled(), 100)).isEqualTo("context canceled");
		for (int max = 64; max < 80; max++) {
			String cut = ErrorText.cut("😀é".repeat(50), max);
			assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isBetween(max - 3, max);
			assertThat(cut).doesNotContain("�");
		}
	}

	@Test
	void backOffsDoubleUpToTheirLimit() {
		Backoff backoff = new Backoff(Duration.ofNanos(1000), Duration.ofNanos(4000));
		assertThat(backoff.next()).isBetween(750L, 1250L);
		assertThat(backoff.next()).isBetween(1500L, 2500L);
		assertThat(backoff.next()).isBetween(3000L, 5000L);
		assertThat(backoff.next()).isBetween(3000L, 5000L);
		backoff.reset();
		assertThat(backoff.next()).isBetween(750L, 1250L);
	}

	@Test
	void fetchesShrinkWithUnknownTypesAndRecover() {
		Source source = new Source("default", 1, null, Duration.ofMinutes(1));
		for (int expected : new int[] { 128, 64, 32, 16, 10, 10 }) {
			assertThat(source.ask(1000).count()).isEqualTo(expected);
			source.answered(expected, false);
			source.judge(true);
		}
		assertThat(source.readyIn()).isPositive();
		for (int expected : new int[] { 20, 40, 80, 128, 128 }) {
			source.judge(false);
			assertThat(source.ask(1000).count()).isEqualTo(expected);
			source.answered(expected, false);
		}
	}

	@Test
	void theTallyReportsOnceAllAreCounted() {
		AtomicInteger mostly = new AtomicInteger();
		AtomicInteger verdicts = new AtomicInteger();
		TypeTally tally = new TypeTally(3, (mostlyUnknown) -> {
			verdicts.incrementAndGet();
			mostly.addAndGet(mostlyUnknown ? 1 : 0);
		});
		tally.count(false);
		tally.count(true);
		assertThat(verdicts).hasValue(0);
		tally.count(false);
		assertThat(verdicts).hasValue(1);
		assertThat(mostly).hasValue(1);
	}

}
