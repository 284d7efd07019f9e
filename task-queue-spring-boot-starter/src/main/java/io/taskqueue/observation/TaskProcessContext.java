package io.taskqueue.observation;

import java.util.Objects;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.taskqueue.TaskContext;

/**
 * An attempt at a task under observation. Tracers read the enqueuer's context from the
 * task's headers.
 */
public final class TaskProcessContext extends ReceiverContext<TaskContext> {

	private final TaskContext task;

	private String outcome = "unknown";

	TaskProcessContext(TaskContext task) {
		super((carrier, name) -> carrier.headers().get(name), Kind.CONSUMER);
		setCarrier(task);
		this.task = task;
	}

	/** Returns the attempt. */
	public TaskContext task() {
		return this.task;
	}

	/**
	 * Returns how the handler ended: {@code completed}, {@code failed}, {@code revoked},
	 * {@code retry_later}, {@code interrupted}, or {@code unknown} until then.
	 */
	public String outcome() {
		return this.outcome;
	}

	void ended(String outcome) {
		this.outcome = Objects.requireNonNull(outcome);
	}

}
