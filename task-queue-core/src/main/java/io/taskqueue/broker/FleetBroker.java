package io.taskqueue.broker;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.taskqueue.wire.ServerInfo;
import io.taskqueue.wire.WorkerInfo;

/**
 * What workers tell and hear of each other: server records, cancellations, wake-ups.
 */
public interface FleetBroker {

	/**
	 * Writes a server's record and those of its running tasks, for asynq's tools and for
	 * recovery. They last ten seconds.
	 */
	void writeServer(ServerInfo server, List<WorkerInfo> workers);

	/** Removes a server's records. */
	void clearServer(ServerInfo server);

	/**
	 * Returns those of the owners whose server record exists.
	 * @param owners owner tokens, which are {@link ServerInfo#token()}
	 */
	Set<String> alive(Collection<String> owners);

	/** Returns how long the Redis node of the queue has been running. */
	Duration uptime(String queue);

	/** Returns the names of all registered queues. */
	Set<String> queues();

	/**
	 * Waits until the queue holds a pending task, without taking it. Wakes on any
	 * producer's push.
	 * @return whether it does; {@code false} when the time is over or the wait was ended
	 */
	boolean awaitPending(String queue, Duration timeout);

	/**
	 * Listens until closed. Messages sent while the connection is down are lost, so
	 * whatever depends on them must also work without, if later.
	 */
	Listening listen(Collection<String> queues, Listener listener);

	/** Asks the workers that run the task to cancel it (asynq's channel). */
	void cancel(String id);

	/**
	 * Ends all waits of {@link #awaitPending} that are under way as soon as possible;
	 * they return {@code false}. Later ones wait again: workers may be restarted.
	 */
	void endWaits();

	/**
	 * Ends a wait of {@link #awaitPending} for one queue, and gives up what is kept
	 * between its waits. A later one begins anew.
	 */
	void endWaits(String queue);

	/** Hears messages, on a thread of its own; must not block. */
	interface Listener {

		/** Somebody asked for tasks with this id, of any queue, to be cancelled. */
		void onCancel(String id);

		/** Somebody asked for a task of one queue to be cancelled. */
		default void onCancel(String queue, String id) {
			onCancel(id);
		}

		/** A task that is due before all others was scheduled in the queue. */
		void onEarlierDue(String queue);

	}

	/** A running subscription. */
	interface Listening extends AutoCloseable {

		@Override
		void close();

	}

}
