package io.taskqueue.inspect;

import io.taskqueue.QueueNotFoundException;
import io.taskqueue.QueueStateException;
import io.taskqueue.broker.ControlBroker;
import io.taskqueue.broker.InspectBroker;

/**
 * Pauses, resumes and deletes queues.
 */
final class QueueControl {

	/** How many tasks one script deletes, so that no call holds Redis up. */
	private static final int BATCH = 500;

	private final ControlBroker broker;

	private final InspectBroker reader;

	QueueControl(ControlBroker broker, InspectBroker reader) {
		this.broker = broker;
		this.reader = reader;
	}

	void pause(String queue) {
		if (!this.broker.pause(queue)) {
			throw new QueueStateException(queue, "is paused already");
		}
	}

	void resume(String queue) {
		if (!this.broker.resume(queue)) {
			throw new QueueStateException(queue, "is not paused");
		}
	}

	void delete(String queue, boolean force) {
		boolean existed = this.reader.exists(queue);
		switch (this.broker.beginDeletion(queue, force)) {
			case ACTIVE -> throw new QueueStateException(queue, "has active tasks; cancel them, or wait");
			case ALREADY -> throw new QueueStateException(queue, "is not empty; only force deletes its tasks");
			default -> {
				// An earlier call may have been cut off: nothing but tasks is left then
				boolean tasks = deleteTasks(queue);
				if (!existed && !tasks) {
					throw new QueueNotFoundException(queue);
				}
			}
		}
	}

	private boolean deleteTasks(String queue) {
		boolean any = false;
		while (this.broker.deleteSome(queue, BATCH) > 0) {
			any = true;
		}
		return any;
	}

}
