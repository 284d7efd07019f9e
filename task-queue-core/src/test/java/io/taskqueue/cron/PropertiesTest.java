package io.taskqueue.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

import io.taskqueue.InvalidCronExpressionException;
import io.taskqueue.cron.DstPolicy.Gap;
import io.taskqueue.cron.DstPolicy.Overlap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.scheduling.support.CronExpression;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the fire times of made-up expressions against other ways to find them. The seeds
 * are fixed, so that a failure comes again.
 */
class PropertiesTest {

	private static final int ROUNDS = Boolean.getBoolean("taskqueue.soak") ? 2000 : 150;

	private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

	private static final Duration TWO_YEARS = Duration.ofDays(730);

	@Test
	void sixFieldsFireWhenSpringSays() {
		Random random = new Random(1);
		for (int i = 0; i < 4 * ROUNDS; i++) {
			String text = RandomExpression.spring(random);
			Instant after = anyTime(random);
			CronSchedule schedule = parse(text, ZoneOffset.UTC, DstPolicy.standard());
			// The engine alone is wrong about these, see LocalPattern
			if (!text.matches(".*\\b(1|29|30|31)W.*")) {
				assertThat(schedule != null ? FireTimes.next(schedule, after, 20) : List.of()).as(text)
					.isEqualTo(spring(text, after.atZone(ZoneOffset.UTC), 20));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "America/New_York", "Europe/Berlin", "Africa/Cairo", "America/Santiago" })
	void skipAndTwiceIsWhatSpringDoesInAZone(ZoneId zone) {
		Random random = new Random(2);
		for (int i = 0; i < ROUNDS; i++) {
			String text = "0 " + RandomExpression.crontab(random).text().replaceAll("\\S+ \\S+ \\S+$", "* * *");
			Instant after = nearChange(random, zone);
			CronSchedule schedule = parse(text, zone, new DstPolicy(Gap.SKIP, Overlap.TWICE));
			assertThat(FireTimes.next(schedule, after, 100)).as("%s after %s", text, after)
				.isEqualTo(spring(text, after.atZone(zone), 100));
		}
	}

	@Test
	void fiveFieldsFireInEveryMinuteThatMatches() {
		Random random = new Random(3);
		for (int i = 0; i < ROUNDS; i++) {
			RandomExpression expression = RandomExpression.crontab(random);
			Instant after = anyTime(random);
			assertFiresAsScanned(expression, ZoneOffset.UTC, DstPolicy.standard(), after, Duration.ofDays(200));
		}
	}

	/**
	 * Changes at 2 and at midnight, of half an hour and two hours, and for a month of
	 * fasting.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "America/New_York", "Europe/Berlin", "Europe/London", "Africa/Cairo", "America/Santiago",
			"Australia/Lord_Howe", "Pacific/Auckland", "America/Havana", "Africa/Casablanca", "Antarctica/Troll" })
	void fiveFieldsFireInEveryMinuteThatMatchesWhenTheClocksChange(ZoneId zone) {
		Random random = new Random(4);
		for (int i = 0; i < ROUNDS; i++) {
			RandomExpression expression = RandomExpression.crontab(random);
			DstPolicy policy = random.nextBoolean() ? DstPolicy.standard() : anyPolicy(random);
			assertFiresAsScanned(expression, zone, policy, nearChange(random, zone), Duration.ofDays(3));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca" })
	void anotherStartFindsTheSameTimes(ZoneId zone) {
		Random random = new Random(5);
		for (int i = 0; i < 2 * ROUNDS; i++) {
			String text = random.nextBoolean() ? RandomExpression.spring(random)
					: RandomExpression.crontab(random).text();
			CronSchedule schedule = parse(text, zone, anyPolicy(random));
			Instant first = nearChange(random, ZoneId.of("America/New_York"));
			Instant next = (schedule != null) ? schedule.next(first, first) : null;
			if (schedule != null && next != null) {
				assertThat(next).isAfter(first);
				long nanos = Math.min(Duration.between(first, next).toSeconds(), 1_000_000) * 1_000_000_000;
				Instant later = first.plusNanos(random.nextLong(Math.max(1, nanos)));
				assertThat(schedule.next(later, first)).as("%s after %s and %s", text, first, later).isEqualTo(next);
			}
		}
	}

	private static void assertFiresAsScanned(RandomExpression expression, ZoneId zone, DstPolicy policy, Instant after,
			Duration span) {
		CronSchedule schedule = parse(expression.text(), zone, policy);
		Instant end = after.plus(span);
		List<Instant> found = new ArrayList<>();
		Instant next = (schedule != null) ? schedule.next(after, after) : null;
		while (schedule != null && next != null && !next.isAfter(end)) {
			found.add(next);
			next = schedule.next(next, after);
		}
		assertThat(found).as("%s in %s after %s, %s", expression.text(), zone, after, policy)
			.containsExactlyElementsOf(
					scan(expression, zone, expression.interval() ? DstPolicy.ZONED : policy, after, end));
	}

	/** Looks at every minute of the wall clock. */
	private static SortedSet<Instant> scan(RandomExpression expression, ZoneId zone, DstPolicy policy, Instant after,
			Instant end) {
		SortedSet<Instant> times = new TreeSet<>();
		LocalDateTime last = LocalDateTime.ofInstant(end, zone).plusHours(4);
		LocalDateTime minute = LocalDateTime.ofInstant(after, zone).minusHours(4).truncatedTo(ChronoUnit.MINUTES);
		for (; minute.isBefore(last); minute = minute.plusMinutes(1)) {
			if (expression.matches().test(minute)) {
				for (Instant time : instants(minute, zone, policy)) {
					if (time.isAfter(after) && !time.isAfter(end)) {
						times.add(time);
					}
				}
			}
		}
		return times;
	}

	private static List<Instant> instants(LocalDateTime minute, ZoneId zone, DstPolicy policy) {
		List<ZoneOffset> offsets = zone.getRules().getValidOffsets(minute);
		if (offsets.isEmpty()) {
			return (policy.gap() == Gap.SHIFT) ? List.of(zone.getRules().getTransition(minute).getInstant())
					: List.of();
		}
		int passes = (policy.overlap() == Overlap.TWICE) ? offsets.size() : 1;
		return offsets.subList(0, passes).stream().map(minute::toInstant).toList();
	}

	/** Returns {@code null} for an expression that never fires. */
	private static @Nullable CronSchedule parse(String text, ZoneId zone, DstPolicy policy) {
		try {
			return CronSchedule.parse(List.of(text), null, zone, policy);
		}
		catch (InvalidCronExpressionException ex) {
			assertThat(ex).hasMessageContaining("never fires");
			return null;
		}
	}

	private static List<Instant> spring(String text, ZonedDateTime after, int count) {
		CronExpression engine = CronExpression.parse(text);
		List<Instant> times = new ArrayList<>();
		ZonedDateTime time = engine.next(after);
		while (time != null && times.size() < count) {
			times.add(time.toInstant());
			time = engine.next(time);
		}
		return times;
	}

	private static DstPolicy anyPolicy(Random random) {
		return new DstPolicy(random.nextBoolean() ? Gap.SHIFT : Gap.SKIP,
				random.nextBoolean() ? Overlap.ONCE : Overlap.TWICE);
	}

	private static Instant anyTime(Random random) {
		return START.plusMillis(random.nextLong(TWO_YEARS.toMillis()));
	}

	/**
	 * Returns a time from a day and a half before a change until three hours after it.
	 */
	private static Instant nearChange(Random random, ZoneId zone) {
		ZoneOffsetTransition change = zone.getRules().nextTransition(anyTime(random));
		return change.getInstant().plusSeconds(random.nextLong(-36 * 3600, 3 * 3600));
	}

}
