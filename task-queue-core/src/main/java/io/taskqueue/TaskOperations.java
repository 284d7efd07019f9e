package io.taskqueue;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Enqueues tasks. When a method returns, the tasks are stored in Redis. Every method that
 * enqueues one task throws
 * <ul>
 * <li>{@link InvalidTaskException} when the request is wrong; nothing is written,</li>
 * <li>{@link TaskConflictException} when the id is taken or the unique lock is held;
 * nothing is written,</li>
 * <li>{@link TaskQueueUnavailableException} when Redis does not confirm within the
 * client's timeout (2 s by default); the message says whether the task may be stored all
 * the same,</li>
 * <li>{@link TaskQueueRefusedException} when Redis refuses for good.</li>
 * </ul>
 */
public interface TaskOperations {

	/** Enqueues a task without payload, to run now. */
	default TaskInfo enqueue(String type) {
		return enqueue(TaskRequest.of(type, null));
	}

	/** Enqueues a task to run now. */
	default TaskInfo enqueue(String type, @Nullable Object payload) {
		return enqueue(TaskRequest.of(type, payload));
	}

	/** Enqueues a task to run after a delay; zero or less means now. */
	default TaskInfo enqueueIn(Duration delay, String type, @Nullable Object payload) {
		return enqueue(TaskRequest.of(type, payload).with((options) -> options.withIn(delay)));
	}

	/** Enqueues a task to run at a time; a time that has passed means now. */
	default TaskInfo enqueueAt(Instant time, String type, @Nullable Object payload) {
		return enqueue(TaskRequest.of(type, payload).with((options) -> options.withAt(time)));
	}

	/** Enqueues a task. */
	TaskInfo enqueue(TaskRequest request);

	/**
	 * Enqueues many tasks in batches of bounded size. A task that cannot be enqueued does
	 * not keep the others from it. Never throws for a task.
	 * @return one answer per request, in their order
	 */
	List<EnqueueResult> enqueueAll(Collection<TaskRequest> requests);

}
