package io.taskqueue.cron;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SyntaxTest {

	private static final Instant JANUARY = Instant.parse("2026-01-15T10:07:30Z");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			*/20 * * * *            | 01-15 10:20, 01-15 10:40, 01-15 11:00
			0/1 * * * ?             | 01-15 10:08, 01-15 10:09, 01-15 10:10
			15 10 ? * MON-FRI       | 01-15 10:15, 01-16 10:15, 01-19 10:15
			15 10 L * ?             | 01-31 10:15, 02-28 10:15, 03-31 10:15
			0/10 * * * * * *        | 01-15 10:07:40, 01-15 10:07:50, 01-15 10:08
			0 0/5 * * * *           | 01-15 10:10, 01-15 10:15, 01-15 10:20
			* * * * * 2027          | 2027-01-01, 2027-01-01 00:01, 2027-01-01 00:02
			0 0 0 1 1 ? 2030-2032/2 | 2030-01-01, 2032-01-01
			0 0 13 * FRI            | 01-16, 01-23, 01-30
			0 0 0 13 * FRI          | 02-13, 03-13, 11-13
			0 0 */10 * MON          | 01-19, 01-21, 01-26
			0 0 LW * *              | 01-30, 02-27, 03-31
			0 0 31W * *             | 01-30, 03-31, 07-31
			0 0 * * FRI#5           | 01-30, 05-29, 07-31
			0 0 L-3 * *             | 01-28, 02-25, 03-28
			0 0 * * 1               | 01-19, 01-26, 02-02
			0 0 0 ? * 1             | 01-19, 01-26, 02-02
			0 0 * * 7               | 01-18, 01-25, 02-01
			0 0 * * 5-7             | 01-16, 01-17, 01-18
			0 0 * JAN,Jul monday    | 01-19, 01-26, 07-06
			@midnight               | 01-16, 01-17, 01-18
			@every 90s              | 01-15 10:09, 01-15 10:10:30, 01-15 10:12
			0 9 * * MON#1,FRI#3     | 01-16 09:00, 02-02 09:00, 02-20 09:00
			0 9 1-7 * MON           | 01-19 09:00, 01-26 09:00, 02-01 09:00
			? ? ? ? ?               | 01-15 10:08, 01-15 10:09, 01-15 10:10
			""")
	void firesAt(String expression, String expected) {
		assertThat(times(expression, JANUARY)).isEqualTo(expected);
	}

	@Test
	void theFirstOfAMonthMovesToMondayWithinTheMonth() {
		assertThat(times("0 0 1W * *", Instant.parse("2026-07-15T10:07:30Z"))).isEqualTo("08-03, 09-01, 10-01");
	}

	@Test
	void aPrefixNamesTheZone() {
		CronSchedule schedule = FireTimes.schedule("CRON_TZ=Asia/Shanghai 0 6 * * ?", ZoneOffset.UTC);
		assertThat(FireTimes.inZone(schedule, JANUARY, 3, ZoneId.of("Asia/Shanghai")))
			.isEqualTo("01-16 06:00+08:00, 01-17 06:00+08:00, 01-18 06:00+08:00");
		assertThat(FireTimes.schedule("TZ=Asia/Shanghai 0 6 * * ?", ZoneOffset.UTC)).isEqualTo(schedule);
	}

	@Test
	void yearsThatAreOverLeaveNothing() {
		CronSchedule schedule = FireTimes.schedule("0 0 0 1 1 ? 2020", ZoneOffset.UTC);
		assertThat(schedule.next(JANUARY, JANUARY)).isNull();
		assertThat(schedule.isExhausted(JANUARY)).isTrue();
		assertThat(schedule.isExhausted(Instant.parse("2019-12-31T23:59:59Z"))).isFalse();
		assertThat(schedule.isExhausted(Instant.parse("2020-01-01T00:00:00Z"))).isTrue();
	}

	/** What goes beyond the table above. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			0 0 * * */2              | 01-17, 01-18, 01-20
			0 0 * * 1/2              | 01-16, 01-19, 01-21
			0 0 0 * * */2            | 01-16, 01-18, 01-19
			0 0 0 * * * *            | 01-16, 01-17, 01-18
			0 0 0 ? * */2 *          | 01-17, 01-18, 01-20
			0 0 * * SUN-TUE          | 01-18, 01-19, 01-20
			0 0 * * SAT-SUN          | 01-17, 01-18, 01-24
			0 0 * * 7-1              | 01-18, 01-19, 01-25
			0 0 * * SUN-sunday       | 01-18, 01-25, 02-01
			0 0 * * 0-7              | 01-16, 01-17, 01-18
			0 0 * * fridayL          | 01-30, 02-27, 03-27
			0 0 * * 7#1,0L           | 01-25, 02-01, 02-22
			0 0 1,15,lw * *          | 01-30, 02-01, 02-15
			0 0 l-27 2 *             | 02-01, 2027-02-01, 2028-02-02
			0 0 13 * */1             | 02-13, 03-13, 04-13
			0 0 13 * *,1             | 02-13, 03-13, 04-13
			0 0 29 2 *               | 2028-02-29, 2032-02-29, 2036-02-29
			0 0 0 29 2 MON           | 2044-02-29, 2072-02-29, 2112-02-29
			05 09 1 1 *              | 2027-01-01 09:05, 2028-01-01 09:05, 2029-01-01 09:05
			0 0 1 1 * 2026/2         | 2028-01-01, 2030-01-01, 2032-01-01
			0 0 0 1 1 ? */50         | 2070-01-01
			0 0 1 1 * 1999,2030-2031 | 2030-01-01, 2031-01-01
			0 0 29 2 * 2027-2032     | 2028-02-29, 2032-02-29
			@HOURLY                  | 01-15 11:00, 01-15 12:00, 01-15 13:00
			@weekly                  | 01-18, 01-25, 02-01
			@Monthly                 | 02-01, 03-01, 04-01
			@annually                | 2027-01-01, 2028-01-01, 2029-01-01
			@every PT90S             | 01-15 10:09, 01-15 10:10:30, 01-15 10:12
			@every 1h30m10s          | 01-15 11:37:40, 01-15 13:07:50, 01-15 14:38
			""")
	void alsoFiresAt(String expression, String expected) {
		assertThat(times(expression, JANUARY)).isEqualTo(expected);
	}

	/**
	 * April 2027 ends on a Friday, but has no 31st that it could stand for. The first of
	 * August 2026 is a Saturday.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			0 12 10,31W * * | 2027-04-30T01:00:00Z | 2027-05-10 12:00, 2027-05-31 12:00
			0 12 1W * *     | 2026-08-01T23:59:59Z | 08-03 12:00, 09-01 12:00
			0 12 1W * *     | 2026-08-02T13:00:00Z | 08-03 12:00, 09-01 12:00
			0 12 1W * *     | 2026-08-03T11:00:00Z | 08-03 12:00, 09-01 12:00
			0 0 12 1W * SUN-MON | 2026-08-01T11:00:00Z | 08-03 12:00, 11-02 12:00
			0 0 29W 2 *     | 2026-01-01T00:00:00Z | 2028-02-29, 2036-02-29
			""")
	void theNearestWeekdayDoesNotDependOnTheTimeOfAsking(String expression, Instant after, String expected) {
		assertThat(FireTimes.inUtc(FireTimes.schedule(expression, ZoneOffset.UTC), after, 2)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			0  9 ? JAN-march,12 mon-Fri | 0 9 * 1-3,12 1-5
			0 0/5 * * * ?               | 0 0/5 * * * *
			00 05 */1 ?,3 *             | 0 5 * * *
			0 0 1w,lw,L-3 * SUNL        | 0 0 1W,LW,L-3 * 0L
			0 0 ? * */2                 | 0 0 * * 0-6/2
			0 0 0 ? * 2/2               | 0 0 0 * * 2-7/2
			0 0 1 1 ? 2030-2040/2       | 0 0 1 1 * 2030-2040/2
			@midnight                   | 0 0 * * *
			""")
	void hasANormalForm(String expression, String normal) {
		assertThat(FireTimes.schedule(expression, ZoneOffset.UTC)).hasToString("CRON_TZ=UTC " + normal);
	}

	private static String times(String expression, Instant after) {
		return FireTimes.inUtc(FireTimes.schedule(expression, ZoneOffset.UTC), after, 3);
	}

}
