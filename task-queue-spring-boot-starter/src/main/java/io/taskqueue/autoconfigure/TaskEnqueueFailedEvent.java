package io.taskqueue.autoconfigure;

import io.taskqueue.Enqueued;
import io.taskqueue.TaskInfo;
import io.taskqueue.TaskQueueException;

import org.springframework.context.ApplicationEvent;

/**
 * A task could not be enqueued after the transaction of its caller had committed.
 * Published on the thread of the transaction, to which an
 * {@link org.springframework.context.event.EventListener @EventListener} can listen; for
 * a listener that is bound to transactions it comes too late.
 *
 * @see io.taskqueue.client.TaskTemplate#afterCommit()
 */
public final class TaskEnqueueFailedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final transient TaskInfo task;

	private final Enqueued outcome;

	private final TaskQueueException error;

	TaskEnqueueFailedEvent(Object source, TaskInfo task, Enqueued outcome, TaskQueueException error) {
		super(source);
		this.task = task;
		this.outcome = outcome;
		this.error = error;
	}

	/** Returns the task's type. */
	public String type() {
		return this.task.type();
	}

	/** Returns the task's id. */
	public String id() {
		return this.task.id();
	}

	/** Returns the queue it was meant for. */
	public String queue() {
		return this.task.queue();
	}

	/** Returns the task as the caller was answered, payload and headers included. */
	public TaskInfo task() {
		return this.task;
	}

	/**
	 * Returns {@link Enqueued#UNKNOWN} where Redis did not confirm or refused, or where
	 * the transaction itself ended in an unknown way; {@link Enqueued#CONFLICT} or
	 * {@link Enqueued#DUPLICATE} where the id or the unique lock was taken.
	 */
	public Enqueued outcome() {
		return this.outcome;
	}

	/** Returns why. */
	public TaskQueueException error() {
		return this.error;
	}

}
