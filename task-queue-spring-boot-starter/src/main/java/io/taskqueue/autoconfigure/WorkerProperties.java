package io.taskqueue.autoconfigure;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import io.taskqueue.worker.WorkerOptions.OnCancel;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

import static io.taskqueue.autoconfigure.PropertyRules.require;
import static io.taskqueue.autoconfigure.PropertyRules.requireNotNegative;

/**
 * How tasks are worked on.
 *
 * @param enabled whether this application works on tasks; one that does not only enqueues
 * @param queues the queues to work on, with their weights; a name with a star stands for
 * all queues that match it and is written in brackets: queues[tenant-*]; unset: the
 * default queue
 * @param strict whether a queue is only touched while those of greater weight are empty;
 * otherwise they share by weight
 * @param concurrency how many handlers run at once; unset: as many as there are
 * processors, but at least 10
 * @param shutdownTimeout how long running tasks may go on when the application stops,
 * before they are interrupted
 * @param interruptGrace how long an interrupted handler may take to return before its
 * task is settled without it
 * @param onCancel what becomes of a running task that is cancelled
 * @param backoff the wait between attempts, unless the handler has its own
 */
record WorkerProperties(@DefaultValue("true") boolean enabled, @DefaultValue Map<String, Integer> queues,
		@DefaultValue("false") boolean strict, @Nullable Integer concurrency,
		@DefaultValue("8s") Duration shutdownTimeout, @DefaultValue("5s") Duration interruptGrace,
		@DefaultValue("archive") OnCancel onCancel,
		@DefaultValue @NestedConfigurationProperty BackoffProperties backoff) {

	WorkerProperties {
		queues.forEach((queue, weight) -> {
			require(!queue.isBlank(), "worker.queues", queue, "must not hold a blank name");
			require(weight >= 1, "worker.queues[" + queue + "]", weight, "must be at least 1");
		});
		queues = Collections.unmodifiableMap(new LinkedHashMap<>(queues));
		require(concurrency == null || concurrency >= 1, "worker.concurrency", concurrency, "must be at least 1");
		requireNotNegative("worker.shutdown-timeout", shutdownTimeout);
		requireNotNegative("worker.interrupt-grace", interruptGrace);
	}

}
