package io.taskqueue.management;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.taskqueue.QueueNotFoundException;
import io.taskqueue.QueueStateException;
import io.taskqueue.TaskNotFoundException;
import io.taskqueue.TaskState;
import io.taskqueue.TaskStateException;
import io.taskqueue.inspect.DailyStatistics;
import io.taskqueue.inspect.Listing;
import io.taskqueue.inspect.Paging;
import io.taskqueue.inspect.QueueInfo;
import io.taskqueue.inspect.TaskDetails;
import io.taskqueue.inspect.TaskInspector;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows queues, tasks, servers and schedules, and changes queues and tasks where
 * {@code management.endpoint.taskqueues.access} is {@code unrestricted}; by default it is
 * {@code read-only}.
 */
@Endpoint(id = "taskqueues", defaultAccess = Access.READ_ONLY)
public final class TaskQueueEndpoint {

	private static final int HISTORY = 10;

	private static final int PAGE = 30;

	private final TaskInspector inspector;

	private final TaskQueueEndpointProperties properties;

	TaskQueueEndpoint(TaskInspector inspector, TaskQueueEndpointProperties properties) {
		this.inspector = inspector;
		this.properties = properties;
	}

	/** Returns all queues, servers and schedules. */
	@ReadOperation
	public Overview overview() {
		return new Overview(this.inspector.queues(),
				this.inspector.servers()
					.stream()
					.map((server) -> new Server(server.token(), server.queues(), server.concurrency(), server.status(),
							server.startedAt(), server.activeTasks()))
					.toList(),
				this.inspector.schedulerEntries()
					.stream()
					.map((entry) -> new Schedule(entry.id(), entry.spec(), entry.type()))
					.toList());
	}

	/** Returns a queue with its last ten days; {@code null} if there is none. */
	@ReadOperation
	public @Nullable Queue queue(@Selector String queue) {
		try {
			return new Queue(this.inspector.queue(queue), this.inspector.history(queue, HISTORY));
		}
		catch (QueueNotFoundException ex) {
			return null;
		}
	}

	/**
	 * Returns a page of a queue's tasks in a state.
	 * @param queue the queue
	 * @param tasks the word {@code tasks}
	 * @param state the state; pending unless given
	 * @param page which page, from 1
	 * @param size how many, at most 200; 30 unless given
	 * @param securityContext who asks
	 */
	@ReadOperation
	public @Nullable Tasks tasks(@Selector String queue, @Selector String tasks, @Nullable TaskState state,
			@Nullable Integer page, @Nullable Integer size, SecurityContext securityContext) {
		if (!isTasks(tasks)) {
			return null;
		}
		if (state == TaskState.AGGREGATING) {
			throw badRequest("tasks in state aggregating are in groups, which are not listed here", null);
		}
		if (page != null && page < 1) {
			throw badRequest("page must be at least 1: " + page, null);
		}
		try {
			Listing<TaskDetails> listing = this.inspector.tasks(queue, (state != null) ? state : TaskState.PENDING,
					Paging.page((page != null) ? page : 1, (size != null) ? size : PAGE));
			return new Tasks(listing.total(),
					listing.items().stream().map((task) -> view(task, securityContext)).toList());
		}
		catch (QueueNotFoundException ex) {
			return null;
		}
		catch (IllegalArgumentException ex) {
			throw badRequest(ex.getMessage(), ex);
		}
	}

	/** Returns a task; {@code null} if there is none. */
	@ReadOperation
	public @Nullable TaskView task(@Selector String queue, @Selector String tasks, @Selector String id,
			SecurityContext securityContext) {
		return isTasks(tasks) ? this.inspector.find(queue, id).map((task) -> view(task, securityContext)).orElse(null)
				: null;
	}

	/** Pauses or resumes a queue. */
	@WriteOperation
	public void changeQueue(@Selector String queue, QueueAction action) {
		change(() -> {
			switch (action) {
				case PAUSE -> this.inspector.pause(queue);
				case RESUME -> this.inspector.resume(queue);
			}
		});
	}

	/** Runs, archives or cancels a task; returns whether there is one. */
	@WriteOperation
	public boolean changeTask(@Selector String queue, @Selector String tasks, @Selector String id, TaskAction action) {
		requireTasks(tasks);
		return found(() -> {
			switch (action) {
				case RUN -> this.inspector.run(queue, id);
				case ARCHIVE -> this.inspector.archive(queue, id);
				case CANCEL -> this.inspector.cancel(queue, id);
			}
		});
	}

	/** Deletes a task that is not running; returns whether there is one. */
	@DeleteOperation
	public boolean deleteTask(@Selector String queue, @Selector String tasks, @Selector String id) {
		requireTasks(tasks);
		return found(() -> this.inspector.delete(queue, id));
	}

	private TaskView view(TaskDetails task, SecurityContext securityContext) {
		boolean shown = this.properties.showValues().isShown(securityContext, this.properties.roles());
		return TaskView.of(task, shown, this.properties.maxValueLength());
	}

	private static boolean found(Runnable change) {
		try {
			change(change);
			return true;
		}
		catch (TaskNotFoundException | QueueNotFoundException ex) {
			return false;
		}
	}

	/** What the caller got wrong is told; what Redis does not do is not the caller's. */
	private static void change(Runnable change) {
		try {
			change.run();
		}
		catch (QueueStateException | TaskStateException ex) {
			throw badRequest(ex.getMessage(), ex);
		}
	}

	private static InvalidEndpointRequestException badRequest(@Nullable String message, @Nullable Throwable cause) {
		String reason = String.valueOf(message);
		return new InvalidEndpointRequestException(reason, reason, cause);
	}

	private static void requireTasks(String word) {
		if (!isTasks(word)) {
			throw badRequest("expected 'tasks' in place of '" + word + "'", null);
		}
	}

	private static boolean isTasks(String word) {
		return word.equals("tasks");
	}

	/** What can be done to a queue. */
	public enum QueueAction {

		/** Nobody takes tasks from it. */
		PAUSE,
		/** Ends that. */
		RESUME

	}

	/** What can be done to a task. */
	public enum TaskAction {

		/** Run now. */
		RUN,
		/** Do not run, but keep. */
		ARCHIVE,
		/** Stop its handler, or do not begin. */
		CANCEL

	}

	/**
	 * Everything at a glance.
	 *
	 * @param queues the figures of all queues
	 * @param servers the processes that work on them
	 * @param schedules the cron tasks that are being fired
	 */
	public record Overview(List<QueueInfo> queues, List<Server> servers,
			List<Schedule> schedules) implements OperationResponseBody {
	}

	/**
	 * A process that works on queues, ours or asynq's.
	 *
	 * @param server host, process and a random id
	 * @param queues its queues with their weights
	 * @param concurrency how many tasks it runs at a time
	 * @param status asynq's word for what it does
	 * @param startedAt when it started
	 * @param activeTasks how many tasks it runs
	 */
	public record Server(String server, Map<String, Integer> queues, int concurrency, String status, Instant startedAt,
			int activeTasks) {
	}

	/**
	 * A cron task.
	 *
	 * @param id the entry's id
	 * @param spec its expression
	 * @param type the type of its tasks
	 */
	public record Schedule(String id, String spec, String type) {
	}

	/**
	 * A queue.
	 *
	 * @param figures its figures
	 * @param history what it did, newest day first
	 */
	public record Queue(QueueInfo figures, List<DailyStatistics> history) implements OperationResponseBody {
	}

	/**
	 * A page of tasks.
	 *
	 * @param total how many there are on all pages
	 * @param tasks the page
	 */
	public record Tasks(long total, List<TaskView> tasks) implements OperationResponseBody {
	}

}
