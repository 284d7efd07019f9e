package io.taskqueue.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

import static io.taskqueue.autoconfigure.PropertyRules.require;
import static io.taskqueue.autoconfigure.PropertyRules.requireAtLeastASecond;
import static io.taskqueue.autoconfigure.PropertyRules.requireNotNegative;

/**
 * How tasks are enqueued unless something closer to the call says otherwise.
 *
 * @param retry how many times a failed task is tried again
 * @param timeout the limit of one attempt
 * @param retention how long a task is kept after success
 */
record TaskDefaultsProperties(@DefaultValue("10") int retry, @DefaultValue("30m") Duration timeout,
		@DefaultValue("0s") Duration retention) {

	TaskDefaultsProperties {
		require(retry >= 0, "defaults.retry", retry, "must not be negative");
		requireAtLeastASecond("defaults.timeout", timeout);
		requireNotNegative("defaults.retention", retention);
	}

}
