package io.taskqueue.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@code @every}: at the anchor plus one interval, plus two, and so on, in whole seconds.
 * The anchor keeps the rhythm over restarts.
 */
record IntervalExpression(Duration interval) implements Expression {

	@Override
	public Instant next(Instant after, Instant anchor) {
		Instant start = anchor.truncatedTo(ChronoUnit.SECONDS);
		long seconds = this.interval.toSeconds();
		long passed = Math.floorDiv(after.getEpochSecond() - start.getEpochSecond(), seconds);
		return start.plusSeconds(Math.max(1, passed + 1) * seconds);
	}

	@Override
	public @Nullable ZoneId zone() {
		return null;
	}

	@Override
	public List<String> warnings() {
		return List.of();
	}

	@Override
	public String toString() {
		return "@every " + IntervalText.format(this.interval);
	}

}
