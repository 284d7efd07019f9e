package io.taskqueue.worker;

import io.taskqueue.broker.FleetBroker;
import io.taskqueue.broker.FleetBroker.Listening;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears which tasks are to be cancelled. What is said while the connection is down comes
 * with the next renewal of the lease.
 */
final class Cancellations implements FleetBroker.Listener {

	private static final Logger logger = LoggerFactory.getLogger(Cancellations.class);

	private final FleetBroker fleet;

	private final Held held;

	private @Nullable Listening listening;

	private boolean failing;

	Cancellations(FleetBroker fleet, Held held) {
		this.fleet = fleet;
		this.held = held;
	}

	/** Listens, unless that is so already. To be called again where it failed. */
	void open() {
		if (this.listening != null) {
			return;
		}
		try {
			this.listening = this.fleet.listen(this.held.queues(), this);
		}
		catch (RuntimeException ex) {
			if (!this.failing) {
				this.failing = true;
				logger.warn("Cannot listen for cancellations; trying again. Until then they take a few seconds longer",
						ex);
			}
		}
	}

	void close() {
		if (this.listening != null) {
			this.listening.close();
			this.listening = null;
		}
	}

	@Override
	public void onCancel(String id) {
		for (Attempt attempt : this.held.withId(id)) {
			logger.info("{} is cancelled", attempt);
			attempt.interrupt(Interruption.CANCELLED);
		}
	}

	@Override
	public void onEarlierDue(String queue) {
		// Those who promote due tasks listen themselves
	}

	@Override
	public void onReconnect() {
		// What was missed comes with the next renewal
	}

}
