package io.taskqueue.maintenance;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.taskqueue.TaskQueueUnavailableException;
import io.taskqueue.broker.FleetBroker;
import io.taskqueue.wire.ServerInfo;
import io.taskqueue.wire.WorkerInfo;

/**
 * The real fleet, of a Redis that seems to have been up for an hour or as long as told,
 * and may fail once.
 */
final class LongRunningFleet implements FleetBroker {

	private final FleetBroker fleet;

	private Duration uptime = Duration.ofHours(1);

	private boolean failing;

	LongRunningFleet(FleetBroker fleet) {
		this.fleet = fleet;
	}

	void uptime(Duration uptime) {
		this.uptime = uptime;
	}

	/** Makes the next question for living owners fail. */
	void fail() {
		this.failing = true;
	}

	@Override
	public Duration uptime(String queue) {
		return this.uptime;
	}

	@Override
	public Set<String> alive(Collection<String> owners) {
		if (this.failing) {
			this.failing = false;
			throw new TaskQueueUnavailableException("gone for a moment", null);
		}
		return this.fleet.alive(owners);
	}

	@Override
	public void writeServer(ServerInfo server, List<WorkerInfo> workers) {
		this.fleet.writeServer(server, workers);
	}

	@Override
	public void clearServer(ServerInfo server) {
		this.fleet.clearServer(server);
	}

	@Override
	public Set<String> queues() {
		return this.fleet.queues();
	}

	@Override
	public boolean awaitPending(String queue, Duration timeout) {
		return this.fleet.awaitPending(queue, timeout);
	}

	@Override
	public Listening listen(Collection<String> queues, Listener listener) {
		return this.fleet.listen(queues, listener);
	}

	@Override
	public void cancel(String id) {
		this.fleet.cancel(id);
	}

	@Override
	public void endWaits() {
		this.fleet.endWaits();
	}

	@Override
	public void endWaits(String queue) {
		this.fleet.endWaits(queue);
	}

}
