package io.taskqueue.autoconfigure;

import java.time.Duration;
import java.time.ZoneId;

import io.taskqueue.cron.CronOptions;
import io.taskqueue.cron.DstPolicy;

import org.springframework.boot.context.properties.bind.DefaultValue;

import static io.taskqueue.autoconfigure.PropertyRules.require;
import static io.taskqueue.autoconfigure.PropertyRules.requireAtLeastASecond;
import static io.taskqueue.autoconfigure.PropertyRules.requireNotNegative;

/**
 * How cron tasks are fired.
 *
 * @param enabled whether this application defines its cron tasks and stands for election
 * to fire those of the namespace
 * @param zone the zone of expressions that name none
 * @param lease how long a leader leads without renewing, and so the longest pause after
 * its death
 * @param misfireThreshold how late a tick may be fired before the misfire policy counts
 * @param syncInterval how often cron task providers are asked
 * @param dst what becomes of fire times when the clocks change
 */
record SchedulerProperties(@DefaultValue("true") boolean enabled, @DefaultValue("UTC") ZoneId zone,
		@DefaultValue("15s") Duration lease, @DefaultValue("60s") Duration misfireThreshold,
		@DefaultValue("3m") Duration syncInterval, @DefaultValue Dst dst) {

	SchedulerProperties {
		require(lease.toSeconds() >= 1 && lease.toHours() < 1, "scheduler.lease", lease,
				"must be at least a second and below an hour");
		requireNotNegative("scheduler.misfire-threshold", misfireThreshold);
		requireAtLeastASecond("scheduler.sync-interval", syncInterval);
	}

	CronOptions toCronOptions() {
		return new CronOptions(this.zone, new DstPolicy(this.dst.gap(), this.dst.overlap()), this.lease,
				this.misfireThreshold, this.syncInterval);
	}

	/**
	 * What becomes of fire times when the clocks change.
	 *
	 * @param gap of times that the clocks skip: shift to the moment of the change, or
	 * skip
	 * @param overlap of times that the clocks show twice: once or twice
	 */
	record Dst(@DefaultValue("shift") DstPolicy.Gap gap, @DefaultValue("once") DstPolicy.Overlap overlap) {
	}

}
