package io.taskqueue.cron;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.taskqueue.cron.DstPolicy.Gap;
import io.taskqueue.cron.DstPolicy.Overlap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples in the manual are true.
 */
class DocumentationTest {

	private static final Instant JANUARY = Instant.parse("2026-01-15T10:07:30Z");

	private static final Pattern EXAMPLE = Pattern.compile("(?m)^\\| `([^`]+)` \\| (\\d\\d[^|]*) \\|$");

	private static final Pattern CHANGE = Pattern
		.compile("(?m)^\\| `([^`]+)` \\| (\\S+) \\| (shift|skip), (once|twice) \\| ([^|]+) \\|$");

	private static final Pattern MACRO = Pattern.compile("(?m)^\\| `(@\\w+)`(?:, `(@\\w+)`)? \\| `([^`]+)` \\|$");

	@ParameterizedTest
	@MethodSource("examples")
	void examplesFireAsTold(String expression, String expected) {
		CronSchedule schedule = FireTimes.schedule(expression, ZoneOffset.UTC);
		assertThat(FireTimes.inUtc(schedule, JANUARY, 3)).isEqualTo(expected);
	}

	static List<Object[]> examples() throws IOException {
		return rows(EXAMPLE, 20);
	}

	@ParameterizedTest
	@MethodSource("changes")
	void theClocksChangeAsTold(String expression, String after, String gap, String overlap, String expected) {
		ZoneId zone = ZoneId.of("America/New_York");
		DstPolicy policy = new DstPolicy(Gap.valueOf(gap.toUpperCase(Locale.ROOT)),
				Overlap.valueOf(overlap.toUpperCase(Locale.ROOT)));
		CronSchedule schedule = CronSchedule.parse(List.of(expression), null, zone, policy);
		assertThat(FireTimes.inZone(schedule, OffsetDateTime.parse(after).toInstant(), 2, zone)).isEqualTo(expected);
	}

	static List<Object[]> changes() throws IOException {
		return rows(CHANGE, 8);
	}

	@ParameterizedTest
	@MethodSource("macros")
	void macrosMeanWhatIsTold(String macro, String alias, String fields) {
		CronSchedule schedule = FireTimes.schedule(fields, ZoneOffset.UTC);
		assertThat(FireTimes.schedule(macro, ZoneOffset.UTC)).isEqualTo(schedule);
		if (alias != null) {
			assertThat(FireTimes.schedule(alias, ZoneOffset.UTC)).isEqualTo(schedule);
		}
	}

	static List<Object[]> macros() throws IOException {
		return rows(MACRO, 5);
	}

	private static List<Object[]> rows(Pattern row, int count) throws IOException {
		String manual = Files.readString(Path.of("..", "docs", "cron-expressions.md"));
		List<Object[]> rows = row.matcher(manual).results().map(DocumentationTest::cells).toList();
		assertThat(rows).hasSize(count);
		return rows;
	}

	private static Object[] cells(MatchResult row) {
		return Stream.iterate(1, (group) -> group + 1).limit(row.groupCount()).map(row::group).toArray();
	}

}
