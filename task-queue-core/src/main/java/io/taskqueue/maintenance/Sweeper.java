package io.taskqueue.maintenance;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

import io.taskqueue.broker.UpkeepBroker;
import io.taskqueue.broker.UpkeepBroker.Fate;
import io.taskqueue.broker.UpkeepBroker.Sweep;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds tasks that no list or set of their queue holds any more and brings them back. An
 * asynq server leaves such a task when it settles it after its lease was lost. One node
 * of the fleet looks through a queue once a day, a small part at a time, and acts on what
 * it finds twice, a minute apart.
 */
final class Sweeper {

	private static final Logger logger = LoggerFactory.getLogger(Sweeper.class);

	static final Duration EVERY = Duration.ofDays(1);

	/** How long to wait before the first look for a queue to sweep, and between looks. */
	static final Duration BETWEEN_LOOKS = Duration.ofMinutes(10);

	static final Duration SECOND_LOOK_AFTER = Duration.ofMinutes(1);

	/** Further strays are left to the next day. */
	private static final int MOST = 1000;

	private final UpkeepBroker broker;

	private final Clock clock;

	private Instant nextLook;

	private @Nullable Pass pass;

	Sweeper(UpkeepBroker broker, Clock clock) {
		this.broker = broker;
		this.clock = clock;
		this.nextLook = clock.instant().plus(BETWEEN_LOOKS);
	}

	/** Does the next small part, if there is anything to do. */
	void step(Collection<String> queues) {
		Pass pass = this.pass;
		if (pass == null) {
			begin(queues);
		}
		else if (pass.secondLook == null) {
			lookOn(pass);
		}
		else if (!this.clock.instant().isBefore(pass.secondLook)) {
			this.pass = null;
			bringBack(pass);
		}
	}

	private void begin(Collection<String> queues) {
		if (this.clock.instant().isBefore(this.nextLook)) {
			return;
		}
		for (String queue : queues) {
			if (this.broker.claimSweep(queue, EVERY)) {
				this.pass = new Pass(queue);
				return;
			}
		}
		this.nextLook = this.clock.instant().plus(BETWEEN_LOOKS);
	}

	private void lookOn(Pass pass) {
		Sweep part = this.broker.sweep(pass.queue, pass.cursor);
		pass.cursor = part.cursor();
		pass.strays.addAll(part.strays());
		if (pass.cursor.isEmpty() || pass.strays.size() >= MOST) {
			pass.secondLook = this.clock.instant().plus(SECOND_LOOK_AFTER);
		}
	}

	private void bringBack(Pass pass) {
		if (pass.strays.isEmpty()) {
			return;
		}
		this.broker.bringBack(pass.queue, pass.strays)
			.forEach((id, fate) -> logger.warn("Task {} of queue {} was in none of its lists; {}", id, pass.queue,
					(fate == Fate.QUEUED) ? "it is queued again" : "it was done, archived or empty and is deleted"));
	}

	/** The sweep of one queue, by this thread only. */
	private static final class Pass {

		private final String queue;

		private final Set<String> strays = new LinkedHashSet<>();

		private String cursor = "";

		/**
		 * When to look again at what was found; {@code null} while there is more to see.
		 */
		private @Nullable Instant secondLook;

		private Pass(String queue) {
			this.queue = queue;
		}

	}

}
