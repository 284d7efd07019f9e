package io.taskqueue.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.taskqueue.worker.WorkerListener;

/**
 * Collects the tasks whose outcome, says the worker, came too late.
 */
final class LostLeases implements WorkerListener {

	private final Queue<String> ids = new ConcurrentLinkedQueue<>();

	Queue<String> ids() {
		return this.ids;
	}

	@Override
	public void leaseLost(String queue, String id) {
		this.ids.add(id);
	}

}
