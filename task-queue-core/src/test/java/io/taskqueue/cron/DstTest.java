package io.taskqueue.cron;

import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;

import io.taskqueue.cron.DstPolicy.Gap;
import io.taskqueue.cron.DstPolicy.Overlap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DstTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					30 2 * * *    | America/New_York    | 2026-03-07T12:00:00-05:00 | 03-08 03:00-04:00, 03-09 02:30-04:00, 03-10 02:30-04:00
					0 2 * * *     | America/New_York    | 2026-03-07T12:00:00-05:00 | 03-08 03:00-04:00, 03-09 02:00-04:00, 03-10 02:00-04:00
					0 * * * *     | America/New_York    | 2026-03-08T00:30:00-05:00 | 03-08 01:00-05:00, 03-08 03:00-04:00, 03-08 04:00-04:00
					*/15 * * * *  | America/New_York    | 2026-03-08T01:50:00-05:00 | 03-08 03:00-04:00, 03-08 03:15-04:00, 03-08 03:30-04:00
					0 */2 * * *   | America/New_York    | 2026-03-08T00:30:00-05:00 | 03-08 04:00-04:00, 03-08 06:00-04:00, 03-08 08:00-04:00
					30 2,3 * * *  | America/New_York    | 2026-03-07T12:00:00-05:00 | 03-08 03:00-04:00, 03-08 03:30-04:00, 03-09 02:30-04:00
					30 2 8 3 *    | America/New_York    | 2026-03-07T12:00:00-05:00 | 03-08 03:00-04:00, 2027-03-08 02:30-05:00, 2028-03-08 02:30-05:00
					30 1 * * *    | America/New_York    | 2026-10-31T12:00:00-04:00 | 11-01 01:30-04:00, 11-02 01:30-05:00, 11-03 01:30-05:00
					0 * * * *     | America/New_York    | 2026-11-01T00:30:00-04:00 | 11-01 01:00-04:00, 11-01 01:00-05:00, 11-01 02:00-05:00
					*/30 * * * *  | America/New_York    | 2026-11-01T00:50:00-04:00 | 11-01 01:00-04:00, 11-01 01:30-04:00, 11-01 01:00-05:00
					15,45 1 * * * | America/New_York    | 2026-11-01T00:50:00-04:00 | 11-01 01:15-04:00, 11-01 01:45-04:00, 11-02 01:15-05:00
					30 1 * * *    | America/New_York    | 2026-11-01T01:40:00-04:00 | 11-02 01:30-05:00, 11-03 01:30-05:00, 11-04 01:30-05:00
					30 2 * * *    | Europe/Berlin       | 2026-03-28T12:00:00+01:00 | 03-29 03:00+02:00, 03-30 02:30+02:00, 03-31 02:30+02:00
					30 2 * * *    | Europe/Berlin       | 2026-10-24T12:00:00+02:00 | 10-25 02:30+02:00, 10-26 02:30+01:00, 10-27 02:30+01:00
					0 0 * * *     | Africa/Cairo        | 2026-04-23T12:00:00+02:00 | 04-24 01:00+03:00, 04-25 00:00+03:00, 04-26 00:00+03:00
					0 */2 * * *   | Africa/Cairo        | 2026-04-23T23:30:00+02:00 | 04-24 02:00+03:00, 04-24 04:00+03:00, 04-24 06:00+03:00
					0 0 * * *     | America/Santiago    | 2026-09-05T12:00:00-04:00 | 09-06 01:00-03:00, 09-07 00:00-03:00, 09-08 00:00-03:00
					15 2 * * *    | Australia/Lord_Howe | 2026-10-03T12:00:00+10:30 | 10-04 02:30+11:00, 10-05 02:15+11:00, 10-06 02:15+11:00
					45 1 * * *    | Australia/Lord_Howe | 2026-04-04T12:00:00+11:00 | 04-05 01:45+11:00, 04-06 01:45+10:30, 04-07 01:45+10:30
					@every 1h     | America/New_York    | 2026-03-08T01:30:00-05:00 | 03-08 03:30-04:00, 03-08 04:30-04:00, 03-08 05:30-04:00
					""")
	void firesAt(String expression, ZoneId zone, OffsetDateTime after, String expected) {
		CronSchedule schedule = FireTimes.schedule(expression, zone);
		assertThat(FireTimes.inZone(schedule, after.toInstant(), 3, zone)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			SHIFT | ONCE  | 03-08 03:00-04:00, 03-08 03:30-04:00 | 11-01 01:30-04:00, 11-02 01:30-05:00
			SHIFT | TWICE | 03-08 03:00-04:00, 03-08 03:30-04:00 | 11-01 01:30-04:00, 11-01 01:30-05:00
			SKIP  | ONCE  | 03-08 03:30-04:00, 03-09 02:15-04:00 | 11-01 01:30-04:00, 11-02 01:30-05:00
			SKIP  | TWICE | 03-08 03:30-04:00, 03-09 02:15-04:00 | 11-01 01:30-04:00, 11-01 01:30-05:00
			""")
	void thePolicyDecidesForFixedHours(Gap gap, Overlap overlap, String spring, String autumn) {
		ZoneId zone = ZoneId.of("America/New_York");
		DstPolicy policy = new DstPolicy(gap, overlap);
		CronSchedule night = CronSchedule.parse(List.of("15,45 2 * * *", "30 3 * * *"), null, zone, policy);
		assertThat(FireTimes.inZone(night, OffsetDateTime.parse("2026-03-07T12:00-05:00").toInstant(), 2, zone))
			.isEqualTo(spring);
		CronSchedule halfPastOne = CronSchedule.parse(List.of("30 1 * * *"), null, zone, policy);
		assertThat(FireTimes.inZone(halfPastOne, OffsetDateTime.parse("2026-10-31T12:00-04:00").toInstant(), 2, zone))
			.isEqualTo(autumn);
	}

	/** Samoa had no 30th of December 2011. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			0 9 * * *   | 2011-12-29 09:00-10:00, 2011-12-31 00:00+14:00, 2011-12-31 09:00+14:00
			0 */9 * * * | 2011-12-29 09:00-10:00, 2011-12-29 18:00-10:00, 2011-12-31 00:00+14:00
			""")
	void aWholeDayCanBeSkipped(String expression, String expected) {
		ZoneId zone = ZoneId.of("Pacific/Apia");
		CronSchedule schedule = FireTimes.schedule(expression, zone);
		assertThat(FireTimes.inZone(schedule, OffsetDateTime.parse("2011-12-29T08:00-10:00").toInstant(), 3, zone))
			.isEqualTo(expected);
	}

	/** Half an hour comes twice on Lord Howe Island. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			*/15 * * * * | 04-05 01:45+11:00, 04-05 01:30+10:30, 04-05 01:45+10:30, 04-05 02:00+10:30
			""")
	void anIntervalKeepsItsRhythmThroughAShortOverlap(String expression, String expected) {
		ZoneId zone = ZoneId.of("Australia/Lord_Howe");
		CronSchedule schedule = FireTimes.schedule(expression, zone);
		assertThat(FireTimes.inZone(schedule, OffsetDateTime.parse("2026-04-05T01:30+11:00").toInstant(), 4, zone))
			.isEqualTo(expected);
	}

}
