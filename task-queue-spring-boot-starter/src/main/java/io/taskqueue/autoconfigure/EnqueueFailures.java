package io.taskqueue.autoconfigure;

import io.taskqueue.EnqueueFailureListener;
import io.taskqueue.Enqueued;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskQueueException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Tells the application's listeners, and publishes an event. Listeners are looked up when
 * they are needed, since they may use the template themselves.
 */
final class EnqueueFailures implements EnqueueFailureListener {

	private static final Logger logger = LoggerFactory.getLogger(EnqueueFailures.class);

	private final ObjectProvider<EnqueueFailureListener> listeners;

	private final ApplicationEventPublisher events;

	EnqueueFailures(ObjectProvider<EnqueueFailureListener> listeners, ApplicationEventPublisher events) {
		this.listeners = listeners;
		this.events = events;
	}

	@Override
	public void enqueueFailed(TaskInfo task, Enqueued outcome, TaskQueueException error) {
		this.listeners.orderedStream().forEach((listener) -> tell(listener, task, outcome, error));
		tell((info, what, why) -> this.events.publishEvent(new TaskEnqueueFailedEvent(this, info, what, why)), task,
				outcome, error);
	}

	private static void tell(EnqueueFailureListener listener, TaskInfo task, Enqueued outcome,
			TaskQueueException error) {
		try {
			listener.enqueueFailed(task, outcome, error);
		}
		catch (RuntimeException ex) {
			logger.error("A listener failed when it was told that task '{}' of type '{}' was not enqueued", task.id(),
					task.type(), ex);
		}
	}

}
