package io.taskqueue.cron;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

import io.taskqueue.broker.CronBroker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retires definitions that were deleted from the code: those that no live process has
 * declared for a while. Done by the leader.
 */
final class Retirement {

	private static final Logger logger = LoggerFactory.getLogger(Retirement.class);

	static final Duration AFTER = Duration.ofMinutes(10);

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	/** After an outage of Redis every process must have had the time to declare again. */
	private static final Duration GRACE = Duration.ofMinutes(3);

	private final CronBroker tasks;

	private final Catalog catalog;

	private final Clock clock;

	private long lookAt;

	Retirement(CronTaskRegistry registry) {
		this.tasks = registry.storage().tasks();
		this.catalog = registry.catalog();
		this.clock = registry.clock();
		begin();
	}

	/** A leadership begins. */
	void begin() {
		this.lookAt = System.nanoTime() + GRACE.toNanos();
	}

	void round() {
		if (this.lookAt - System.nanoTime() <= 0) {
			this.lookAt = System.nanoTime() + INTERVAL.toNanos();
			retire();
		}
	}

	/**
	 * Forgetting comes first: who declares from now on will find it gone and revive it.
	 */
	void retire() {
		List<String> undeclared = this.tasks.undeclaredSince(this.clock.instant().minus(AFTER));
		this.tasks.forgetDeclared(undeclared);
		for (String uuid : undeclared) {
			this.catalog.change(uuid, (task) -> {
				if (task == null || task.isOfRegistry() || task.retired()) {
					return task;
				}
				logger.warn("Cron task '{}' is retired: no process has defined it for {} min", uuid, AFTER.toMinutes());
				return task.asRetired();
			});
		}
	}

}
