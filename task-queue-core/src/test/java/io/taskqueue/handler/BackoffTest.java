package io.taskqueue.handler;

import java.time.Duration;

import io.taskqueue.RetryDelay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BackoffTest {

	@ParameterizedTest
	@CsvSource({ "10s, PT10S", "PT10S, PT10S", "1h30m, PT1H30M", "500ms, PT0.5S", "' 5m ', PT5M", "0s, PT0S" })
	void aDurationIsAlwaysTheSameWait(String text, Duration expected) {
		assertThat(after(text, 0)).isEqualTo(expected);
		assertThat(after(text, 9)).isEqualTo(expected);
	}

	@Test
	void exponentialGrowsToItsMaximum() {
		String text = "exponential( 10s , 2, 1h, 0 )";
		assertThat(after(text, 0)).isEqualTo(Duration.ofSeconds(10));
		assertThat(after(text, 1)).isEqualTo(Duration.ofSeconds(20));
		assertThat(after(text, 3)).isEqualTo(Duration.ofSeconds(80));
		assertThat(after(text, 9)).isEqualTo(Duration.ofHours(1));
	}

	@Test
	void exponentialHasJitterUnlessToldOtherwise() {
		for (int i = 0; i < 100; i++) {
			assertThat(after("exponential(10s,1.5,1h)", 1)).isBetween(Duration.ofSeconds(12), Duration.ofSeconds(18));
		}
	}

	@Test
	void asynqsFormula() {
		assertThat(after("asynq", 2)).isBetween(Duration.ofSeconds(31), Duration.ofSeconds(31 + 29 * 3));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "10", "-10s", "never", "exponential", "exponential()", "exponential(10s)",
			"exponential(10s, 2)", "exponential(10s, 2, 1h, 0.2, 5)", "exponential(10s, 2, 1h", "ASYNQ" })
	void refusesWhatItCannotRead(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Backoff.parse(text))
			.withMessage("'" + text + "' is not a back-off such as 10s, exponential(10s, 2, 1h) or asynq");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "exponential(10, 2, 1h)   | '10' is not a duration such as 500ms, 10s, 5m, 1h30m or PT10S",
					"exponential(10s, x, 1h)  | 'x' is not a number such as 2 or 1.5",
					"exponential(10s, 0.5, 1h)| multiplier must be at least 1: 0.5",
					"exponential(10s, 2, 5s)  | max must not be below initial: PT5S < PT10S",
					"exponential(0s, 2, 5s)   | initial must be positive: PT0S",
					"exponential(1s, 2, 5s, 2)| jitter must lie between 0 and 1: 2.0" })
	void refusesPartsOutOfRange(String text, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> Backoff.parse(text)).withMessage(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "10", "PT", "1", "10x", "10 s", "s", "-1s", "P-1D", "99999999999999999999s",
			"9223372036854775807d", "1h-30m" })
	void refusesDurations(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> DurationText.parse(text))
			.withMessage("'" + text + "' is not a duration such as 500ms, 10s, 5m, 1h30m or PT10S");
	}

	private static Duration after(String text, int retried) {
		RetryDelay delay = Backoff.parse(text);
		return delay.after(retried, new IllegalStateException("boom"), FakeTask.of(""));
	}

}
