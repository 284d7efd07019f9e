package io.taskqueue.cron;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One expression, read. Its text is the normal form, which means the same wherever it is
 * read.
 */
sealed interface Expression permits CalendarExpression, IntervalExpression {

	/** Returns the first fire time after an instant, or {@code null} if there is none. */
	@Nullable Instant next(Instant after, Instant anchor);

	/** Returns the zone that decides the fire times, or {@code null} if none does. */
	@Nullable ZoneId zone();

	/** Returns what the author of the expression should know. */
	List<String> warnings();

}
