package io.taskqueue.broker;

/**
 * All of the storage contract, for those who build and close it. Everything else takes
 * the one interface it needs.
 */
public interface Broker extends EnqueueBroker, WorkBroker, UpkeepBroker, FleetBroker, AutoCloseable {

	@Override
	void close();

}
