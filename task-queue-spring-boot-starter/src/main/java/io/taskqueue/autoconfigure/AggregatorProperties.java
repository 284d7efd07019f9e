package io.taskqueue.autoconfigure;

import java.time.Duration;
import java.util.function.Consumer;

import io.taskqueue.AggregationRules;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import static io.taskqueue.autoconfigure.PropertyRules.require;

/**
 * Options of one aggregator, which win over those of its annotation or bean.
 *
 * @param queue the queue whose groups are meant
 * @param maxSize how many tasks are enough, and the most that are merged at once; 0
 * for no such rule
 * @param maxDelay how long the oldest task waits at most; 0s for no such rule
 * @param grace for how long no task must have joined the group
 */
@ConfigurationPropertiesSource
record AggregatorProperties(@Nullable String queue, @Nullable Integer maxSize, @Nullable Duration maxDelay,
		@Nullable Duration grace) {

	void check(String prefix) {
		require(this.queue == null || !this.queue.isBlank(), prefix + ".queue", this.queue, "must not be blank");
		checkRule(prefix + ".max-size", this.maxSize, (rules) -> over(rules, this.maxSize, null, null));
		checkRule(prefix + ".max-delay", this.maxDelay, (rules) -> over(rules, null, this.maxDelay, null));
		checkRule(prefix + ".grace", this.grace, (rules) -> over(rules, null, null, this.grace));
	}

	private static void checkRule(String property, @Nullable Object value, Consumer<AggregationRules> rule) {
		try {
			rule.accept(AggregationRules.STANDARD);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException("task-queue." + property, value,
					String.valueOf(ex.getMessage()), ex);
		}
	}

	/** Returns the rules with what is configured in place of their own. */
	AggregationRules over(AggregationRules rules) {
		return over(rules, this.maxSize, this.maxDelay, this.grace);
	}

	private static AggregationRules over(AggregationRules rules, @Nullable Integer maxSize,
			@Nullable Duration maxDelay, @Nullable Duration grace) {
		return new AggregationRules((maxSize != null) ? maxSize : rules.maxSize(),
				(maxDelay != null) ? maxDelay : rules.maxDelay(), (grace != null) ? grace : rules.grace());
	}

}
