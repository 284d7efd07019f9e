package io.taskqueue.runtime;

import java.util.Set;

import io.taskqueue.broker.FleetBroker;
import org.jspecify.annotations.Nullable;

/**
 * Listens to what concerns the queues of a node, while these may change.
 */
final class QueueListening implements AutoCloseable {

	private final FleetBroker fleet;

	private final Set<String> queues;

	private final FleetBroker.Listener listener;

	private FleetBroker.@Nullable Listening current;

	private boolean closed;

	QueueListening(FleetBroker fleet, Set<String> queues, FleetBroker.Listener listener) {
		this.fleet = fleet;
		this.queues = queues;
		this.listener = listener;
	}

	/** Listens to the queues of now. Some messages may be heard twice meanwhile. */
	synchronized void renew() {
		if (this.closed) {
			return;
		}
		FleetBroker.Listening before = this.current;
		this.current = this.fleet.listen(Set.copyOf(this.queues), this.listener);
		if (before != null) {
			// Only now, so that no cancellation is missed
			before.close();
		}
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.current != null) {
			this.current.close();
		}
	}

}
