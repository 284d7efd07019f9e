package io.taskqueue.cron;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CronScheduleTest {

	private static final Instant JANUARY = Instant.parse("2026-01-15T10:07:30Z");

	private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

	private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

	@Test
	void severalExpressionsAreAUnionWithoutDuplicates() {
		assertThat(FireTimes.inUtc(schedule("0 */6 * * *", "0 12 * * *", "30 12 * * *"), JANUARY, 4))
			.isEqualTo("01-15 12:00, 01-15 12:30, 01-15 18:00, 01-16");
	}

	@Test
	void anExhaustedExpressionLeavesTheOthersAlone() {
		assertThat(FireTimes.inUtc(schedule("0 0 0 1 1 ? 2020", "@daily"), JANUARY, 2)).isEqualTo("01-16, 01-17");
		assertThat(schedule("0 0 0 1 1 ? 2020", "@daily").isExhausted(JANUARY)).isFalse();
	}

	@Test
	void equalExpressionsCountOnce() {
		CronSchedule schedule = schedule("@daily", "0 0 * * *", "0  0 ? * ?");
		assertThat(schedule.expressions()).containsExactly("CRON_TZ=UTC 0 0 * * *");
		assertThat(schedule).isEqualTo(schedule("@midnight")).hasSameHashCodeAs(schedule("@midnight"));
		assertThat(schedule).isNotEqualTo(schedule("@hourly"))
			.isNotEqualTo(CronSchedule.parse(List.of("@daily"), null, ZoneOffset.UTC, DstPolicy.ZONED));
	}

	@Test
	void aGivenZoneGoesBeforeAPrefixAndAPrefixBeforeTheDefault() {
		List<String> expressions = List.of("CRON_TZ=Asia/Shanghai 0 9 * * *", "0 10 * * *");
		CronSchedule prefixed = CronSchedule.parse(expressions, null, BERLIN, DstPolicy.standard());
		assertThat(prefixed.zones()).containsExactly(SHANGHAI, BERLIN);
		assertThat(prefixed).hasToString("CRON_TZ=Asia/Shanghai 0 9 * * * | CRON_TZ=Europe/Berlin 0 10 * * *");
		assertThat(prefixed.warnings()).isEmpty();
		CronSchedule given = CronSchedule.parse(expressions, BERLIN, ZoneOffset.UTC, DstPolicy.standard());
		assertThat(given.zones()).containsExactly(BERLIN);
		assertThat(given.warnings())
			.containsExactly("Cron expression 'CRON_TZ=Asia/Shanghai 0 9 * * *' is read in the zone Europe/Berlin,"
					+ " which is given apart from it, not in Asia/Shanghai");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0 9 13 * FRI", "0 0 9 13 * FRI", "0 0 * * */2", "0 0 0 * * */2",
			"0 0 1W,15,L-3 JAN-MAR *", "0 9 * * MON#1,friL", "0 0 0 1 1 ? 2030-2032/2", "0 0 1 1 ? 2030/5",
			"TZ=Asia/Shanghai @daily", "0 5-7,*/3 * * *", "@every 36h1s", "0 0 * * SAT-SUN", "0 0 0 ? * 7/2" })
	void theNormalFormMeansTheSameInAnyZone(String expression) {
		CronSchedule schedule = CronSchedule.parse(List.of(expression), null, BERLIN, DstPolicy.standard());
		CronSchedule again = CronSchedule.parse(schedule.expressions(), null, SHANGHAI, DstPolicy.standard());
		assertThat(again).isEqualTo(schedule);
		assertThat(FireTimes.next(again, JANUARY, 20)).isEqualTo(FireTimes.next(schedule, JANUARY, 20));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					0 0 13 * FRI      | It fires when either matches, as in crontab; with six fields, seconds first, both would have to
					0 0 */10 * MON    | It fires when either matches, as in crontab; with six fields, seconds first, both would have to
					0 0 L * MON 2030  | It fires when either matches, as in crontab; with six fields, seconds first, both would have to
					0 0 0 13 * FRI *  | It fires when either matches, as in crontab; with six fields, seconds first, both would have to
					0 0 0 13 * FRI    | It fires only when both match, as with @Scheduled; with five fields, minutes first, either would be enough
					""")
	void warnsWhenBothDaysAreRestricted(String expression, String rule) {
		assertThat(schedule(expression).warnings())
			.containsExactly("Cron expression '%s' restricts both the day of month and the day of week. %s"
				.formatted(expression, rule));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0 0 13 * *", "0 0 ? * FRI", "0 0 */1 * FRI", "0 0 0 13 * ?", "@every 1h", "@weekly" })
	void doesNotWarnOtherwise(String expression) {
		assertThat(schedule(expression).warnings()).isEmpty();
	}

	@Test
	void everyKeepsTheRhythmOfItsAnchor() {
		CronSchedule schedule = schedule("@every 10m");
		Instant anchor = Instant.parse("2026-01-01T00:03:07.900Z");
		assertThat(schedule.next(JANUARY, anchor)).isEqualTo("2026-01-15T10:13:07Z");
		assertThat(schedule.next(Instant.parse("2026-01-15T10:13:07Z"), anchor)).isEqualTo("2026-01-15T10:23:07Z");
		assertThat(schedule.next(Instant.parse("2026-01-15T10:13:06.999Z"), anchor)).isEqualTo("2026-01-15T10:13:07Z");
		assertThat(schedule.zones()).isEmpty();
		assertThat(schedule).hasToString("@every 10m");
	}

	@Test
	void everyFiresFirstOneIntervalAfterItsAnchor() {
		Instant first = Instant.parse("2026-01-15T10:17:30Z");
		assertThat(schedule("@every 10m").next(JANUARY, JANUARY)).isEqualTo(first);
		assertThat(schedule("@every 10m").next(JANUARY.minusSeconds(3600), JANUARY)).isEqualTo(first);
	}

	@ParameterizedTest
	@CsvSource({ "90s, 1m30s", "PT90S, 1m30s", "1.5h, 1h30m", "pt24h, 24h", "P1D, 24h", "1500ms500ms, 2s", "0h60m, 1h",
			".5m, 30s", "1000000µs, 1s" })
	void readsDurations(String text, String normal) {
		assertThat(schedule("@every " + text)).hasToString("@every " + normal);
	}

	@Test
	void aFractionOfASecondStartsTheSearchWithinTheSecond() {
		CronSchedule schedule = schedule("30 7 10 * * *");
		assertThat(schedule.next(JANUARY.minusNanos(1), JANUARY)).isEqualTo(JANUARY);
		assertThat(schedule.next(JANUARY, JANUARY)).isEqualTo("2026-01-16T10:07:30Z");
	}

	private static CronSchedule schedule(String... expressions) {
		return CronSchedule.parse(List.of(expressions), null, ZoneOffset.UTC, DstPolicy.standard());
	}

}
