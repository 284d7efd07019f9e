package io.taskqueue.cron;

import java.time.ZoneOffset;
import java.util.List;

import io.taskqueue.InvalidCronExpressionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RejectionTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					0 0 * * FRI-MON    | 9  | day of week | the range 'FRI-MON' runs backwards | Write FRI-SUN,MON
					0 0 * * sat-wed    | 9  | day of week | the range 'sat-wed' runs backwards | Write SAT-SUN,MON-WED
					0 0 * * 6-0        | 9  | day of week | the range '6-0' runs backwards | Write 6-7
					0 0 * * 5-1/2      | 9  | day of week | the range '5-1' runs backwards | Write 5,0
					50-10 * * * *      | 1  | minute | the range '50-10' runs backwards | Write 50-59,0-10
					0 1,22-2 * * *     | 5  | hour | the range '22-2' runs backwards | Write 22-23,0-2
					0 22-2/2 * * *     | 3  | hour | the range '22-2' runs backwards | Write 22,0,2
					0 0 25-5 * *       | 5  | day of month | the range '25-5' runs backwards | Write 25-31,1-5
					0 0 1 DEC-FEB *    | 7  | month | the range 'DEC-FEB' runs backwards | Write DEC,JAN-FEB
					0 0 1 1 * 2032-2030 | 11 | year | the range '2032-2030' runs backwards | Write 2030-2032
					*/90 * * * *       | 3  | minute | '90' is not a step within the field | Write a step from 1 to 59, or an interval such as @every 90m
					0 */24 * * *       | 5  | hour | '24' is not a step within the field | Write a step from 1 to 23, or an interval such as @every 36h
					*/60 0 * * * *     | 3  | second | '60' is not a step within the field | Write a step from 1 to 59, or an interval such as @every 90s
					0 0 */0 * *        | 7  | day of month | '0' is not a step within the field | Write a step from 1 to 31
					0 0 * */ *         | 9  | month | '' is not a step within the field | Write a step from 1 to 12
					60 * * * *         | 1  | minute | 60 is out of range | Write 0-59
					0 24 * * *         | 3  | hour | 24 is out of range | Write 0-23
					0 0 0 * *          | 5  | day of month | 0 is out of range | Write 1-31
					0 0 * 13 *         | 7  | month | 13 is out of range | Write 1-12 or JAN-DEC
					0 0 * * 8          | 9  | day of week | 8 is out of range | Write 0-7 (0 and 7 are Sunday) or SUN-SAT
					0 0 * * 99999999999 | 9 | day of week | 99999999999 is out of range | Write 0-7 (0 and 7 are Sunday) or SUN-SAT
					0 0 1 1 * 2100     | 11 | year | 2100 is out of range | Write 1970-2099
					0 0 * * MONTAG     | 9  | day of week | 'MONTAG' is not a value of this field | Write 0-7 (0 and 7 are Sunday) or SUN-SAT
					0 0 1-5W * *       | 7  | day of month | '5W' is not a value of this field | Write 1-31
					0 L * * *          | 3  | hour | 'L' is not a value of this field | Write 0-23
					0 0 -5 * *         | 5  | day of month | '' is not a value of this field | Write 1-31
					0 0 1-5-7 * *      | 7  | day of month | '5-7' is not a value of this field | Write 1-31
					0 0 1,,2 * *       | 7  | day of month | an element of the list is empty | Remove the comma too many
					0 0 1, * *         | 7  | day of month | an element of the list is empty | Remove the comma too many
					0 0 L-28 * *       | 5  | day of month | not every month has a day 'L-28' | Write L for the last day, or L-1 to L-27
					0 0 32W * *        | 5  | day of month | 32 is out of range | Write 1-31
					0 0 * * L          | 9  | day of week | 'L' lacks the day whose last one is meant | Write FRIL for the last Friday of the month, or SAT for every Saturday
					0 0 * * FRI#6      | 13 | day of week | no month has a 6. FRI | Write a number from 1 to 5 after #
					0 0 * * FOO#2      | 9  | day of week | 'FOO' is not a value of this field | Write 0-7 (0 and 7 are Sunday) or SUN-SAT
					* * * *            | 1  |  | 4 fields are neither 5, 6 nor 7 | Write 5 fields (minute hour day-of-month month day-of-week), 6 with a second in front or a year at the end, or 7 with both
					0 0 0 1 1 ? 2030 * | 1  |  | 8 fields are neither 5, 6 nor 7 | Write 5 fields (minute hour day-of-month month day-of-week), 6 with a second in front or a year at the end, or 7 with both
					"  "               | 3  |  | there is nothing to read | Write 5 fields (minute hour day-of-month month day-of-week), 6 with a second in front or a year at the end, or 7 with both
					TZ=UTC             | 7  |  | there is nothing to read | Write 5 fields (minute hour day-of-month month day-of-week), 6 with a second in front or a year at the end, or 7 with both
					TZ=Mars/Base 0 0 * * * | 4 |  | there is no zone 'Mars/Base' | Write a region such as Europe/Berlin, an offset such as +08:00, or UTC
					CRON_TZ= 0 0 * * * | 9  |  | there is no zone '' | Write a region such as Europe/Berlin, an offset such as +08:00, or UTC
					@reboot            | 1  |  | '@reboot' is not a time | Enqueue the task when the application starts, in an ApplicationRunner for instance
					@fortnightly       | 1  |  | there is no '@fortnightly' | Write @yearly, @monthly, @weekly, @daily, @hourly or @every with a duration
					@daily 5           | 8  |  | '5' follows a complete expression | Remove it
					@every             | 1  |  | '@every' lacks its duration | Write @every 90s for instance
					@every 1h 30m      | 11 |  | '30m' follows a complete expression | Remove it
					@every 90          | 8  |  | '90' is not a duration | Write it as Go does, such as 90s or 1h30m, or as ISO does, such as PT90S
					@every 1d          | 8  |  | '1d' is not a duration | Write it as Go does, such as 90s or 1h30m, or as ISO does, such as PT90S
					@every 500ms       | 8  |  | '500ms' is shorter than a second | Write @every 1s or longer
					@every PT-5S       | 8  |  | 'PT-5S' is shorter than a second | Write @every 1s or longer
					@every 90.5s       | 8  |  | '90.5s' is not a number of whole seconds | Write @every 1m30s
					@every 900000h     | 8  |  | '900000h' is longer than 36500 days | Write @every 876000h or shorter
					0 0 31 2 *         | 1  |  | it never fires, no date matches all its fields | Write a day that its months have, in years that have it
					0 0 29 2 * 2027    | 1  |  | it never fires, no date matches all its fields | Write a day that its months have, in years that have it
					""")
	void saysWhatWhereAndWhatInstead(String expression, int position, String field, String problem, String fix) {
		assertThatExceptionOfType(InvalidCronExpressionException.class)
			.isThrownBy(() -> FireTimes.schedule(expression, ZoneOffset.UTC))
			.withMessage("Invalid cron expression '%s' at position %d%s: %s. %s.".formatted(expression, position,
					(field != null) ? ", " + field : "", problem, fix))
			.satisfies((ex) -> {
				assertThat(ex.expression()).isEqualTo(expression);
				assertThat(ex.position()).isEqualTo(position);
				assertThat(ex.field()).isEqualTo(field);
				assertThat(ex.fix()).isEqualTo(fix);
			});
	}

	@Test
	void namesTheExpressionAmongSeveral() {
		assertThatExceptionOfType(InvalidCronExpressionException.class).isThrownBy(
				() -> CronSchedule.parse(List.of("@daily", "0 0 31 2 *"), null, ZoneOffset.UTC, DstPolicy.standard()))
			.withMessageContaining("'0 0 31 2 *'");
	}

	@Test
	void refusesAnEmptyList() {
		assertThatExceptionOfType(InvalidCronExpressionException.class)
			.isThrownBy(() -> CronSchedule.parse(List.of(), null, ZoneOffset.UTC, DstPolicy.standard()))
			.withMessage("Invalid cron expression '' at position 1: there is no expression."
					+ " Write at least one, such as 0 9 * * MON-FRI.");
	}

}
