package io.taskqueue.cron;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * How cron tasks of a namespace are kept and fired. Immutable; checks itself when built.
 *
 * @param zone the zone of expressions that name none
 * @param dst what becomes of fire times when the clocks change
 * @param lease how long a leader leads without renewing; at least a second
 * @param misfireThreshold how late a tick may be fired before the misfire policy counts;
 * not negative
 * @param syncInterval how often providers are asked; at least a second
 */
public record CronOptions(ZoneId zone, DstPolicy dst, Duration lease, Duration misfireThreshold,
		Duration syncInterval) {

	/** UTC, every time of day once, 15 s, 60 s and 3 minutes. */
	public static final CronOptions DEFAULTS = new CronOptions(ZoneOffset.UTC, DstPolicy.standard(),
			Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofMinutes(3));

	/**
	 * Checks the options.
	 * @throws IllegalArgumentException naming the option, its value and the limit
	 */
	public CronOptions {
		check(lease.toSeconds() >= 1 && lease.toHours() < 1, "lease must be at least a second and below an hour",
				lease);
		check(!misfireThreshold.isNegative(), "misfireThreshold must not be negative", misfireThreshold);
		check(syncInterval.toSeconds() >= 1, "syncInterval must be at least a second", syncInterval);
	}

	private static void check(boolean valid, String rule, Object value) {
		if (!valid) {
			throw new IllegalArgumentException(rule + ", was " + value);
		}
	}

}
