package io.taskqueue.management;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How task queues show themselves to logs, meters and health.
 *
 * @param mdc whether the logging context holds the task while its handler runs
 * @param queueMeters who publishes the meters of queues, which are the same for all
 * instances
 * @param queueMetersInterval how often they are read from Redis
 * @param readiness whether the health of task queues is part of the readiness group
 */
@ConfigurationProperties("task-queue.management")
record ManagementProperties(@DefaultValue("true") boolean mdc, @DefaultValue("leader") QueueMeters queueMeters,
		@DefaultValue("10s") Duration queueMetersInterval, @DefaultValue("false") boolean readiness) {

	ManagementProperties {
		if (queueMetersInterval.toMillis() < 100) {
			throw new IllegalArgumentException(
					"task-queue.management.queue-meters-interval must be at least 100ms: " + queueMetersInterval);
		}
	}

	/** Who publishes the meters of queues. */
	enum QueueMeters {

		/** The instance that fires the cron tasks of the namespace. */
		LEADER,
		/** Every instance. */
		ALWAYS,
		/** Nobody. */
		NEVER

	}

}
