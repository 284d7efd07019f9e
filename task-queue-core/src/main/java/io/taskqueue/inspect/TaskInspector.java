package io.taskqueue.inspect;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import io.taskqueue.QueueNotFoundException;
import io.taskqueue.QueueStateException;
import io.taskqueue.TaskConflictException;
import io.taskqueue.TaskNotFoundException;
import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskState;
import io.taskqueue.TaskStateException;
import io.taskqueue.broker.ControlBroker;
import io.taskqueue.broker.ControlBroker.Verb;
import io.taskqueue.broker.InspectBroker;
import io.taskqueue.broker.InspectBroker.Counters;
import io.taskqueue.broker.SnapshotBroker;
import io.taskqueue.broker.StoredTask;

/**
 * Looks into every queue of a Redis, whoever writes to it, and controls it. Thread-safe.
 * <p>
 * Listings are moments: tasks move while one reads on. What others have left behind never
 * makes a listing fail: entries without a task, records that cannot be read and the like
 * are listed with what is known of them and a {@linkplain TaskDetails#problem() problem}.
 * No call takes Redis longer because a queue is long or has many groups.
 * <p>
 * All methods throw a {@link TaskQueueException} when Redis does not answer.
 */
public final class TaskInspector {

	/** For how long counters are kept, asynq's limit. */
	private static final int LONGEST_HISTORY = 90;

	/** Redis's: an unsigned number of 64 bits. */
	private static final Pattern CURSOR = Pattern.compile("\\d{1,20}");

	private final InspectBroker broker;

	private final Clock clock;

	private final TaskControl taskControl;

	private final QueueControl queueControl;

	private final TaskReader tasks;

	private final FleetReader fleet;

	/**
	 * Creates an inspector.
	 * @param broker reads queues and tasks
	 * @param snapshots reads what servers and schedulers report
	 * @param control changes queues and tasks
	 * @param clock the clock that tasks are enqueued by
	 */
	public TaskInspector(InspectBroker broker, SnapshotBroker snapshots, ControlBroker control, Clock clock) {
		this.broker = broker;
		this.clock = clock;
		this.taskControl = new TaskControl(control, broker);
		this.queueControl = new QueueControl(control, broker);
		this.tasks = new TaskReader(clock);
		this.fleet = new FleetReader(snapshots);
	}

	/** Returns the names of all registered queues, sorted. */
	public List<String> queueNames() {
		return this.broker.queues().stream().sorted().toList();
	}

	/** Returns the figures of all registered queues, by name. */
	public List<QueueInfo> queues() {
		List<String> names = queueNames();
		List<InspectBroker.Figures> figures = this.broker.figures(names);
		List<QueueInfo> queues = new ArrayList<>(names.size());
		for (int i = 0; i < names.size(); i++) {
			queues.add(QueueReader.read(names.get(i), true, figures.get(i), this.clock.instant()));
		}
		return List.copyOf(queues);
	}

	/**
	 * Returns a queue's figures.
	 * @param queue the queue, registered or not
	 * @throws QueueNotFoundException when there is no such queue
	 */
	public QueueInfo queue(String queue) {
		InspectBroker.Figures figures = this.broker.figures(List.of(queue)).get(0);
		boolean registered = this.broker.isRegistered(queue);
		if (!registered && !figures.exists()) {
			throw new QueueNotFoundException(queue);
		}
		return QueueReader.read(queue, registered, figures, this.clock.instant());
	}

	/**
	 * Returns roughly how many bytes of Redis's memory a queue takes. Estimated from a
	 * sample, as asynq does, since counting would take long; still the most expensive
	 * question.
	 * @param queue the queue
	 * @throws QueueNotFoundException when there is no such queue
	 */
	public long memoryUsage(String queue) {
		requireQueue(queue);
		return this.broker.memory(queue);
	}

	/**
	 * Returns what a queue did, newest day first.
	 * @param queue the queue
	 * @param days how many days, today (UTC) included: 1 to 90
	 * @throws QueueNotFoundException when there is no such queue
	 */
	public List<DailyStatistics> history(String queue, int days) {
		if (days < 1 || days > LONGEST_HISTORY) {
			throw new IllegalArgumentException("days must be from 1 to %d: %d".formatted(LONGEST_HISTORY, days));
		}
		requireQueue(queue);
		LocalDate today = LocalDate.ofInstant(this.clock.instant(), ZoneOffset.UTC);
		List<LocalDate> dates = today.minusDays(days - 1L).datesUntil(today.plusDays(1)).toList();
		List<Counters> counters = this.broker.counters(queue, dates);
		List<DailyStatistics> history = new ArrayList<>(days);
		for (int i = days - 1; i >= 0; i--) {
			history.add(new DailyStatistics(dates.get(i), counters.get(i).processed(), counters.get(i).failed()));
		}
		return List.copyOf(history);
	}

	/**
	 * Lists the tasks of a queue in a state, in asynq's order: pending ones the next to
	 * run first; active ones the longest held first; scheduled and retry ones by when
	 * they are due; archived ones the oldest first; completed ones by when they will be
	 * deleted.
	 * @param queue the queue
	 * @param state the state; for {@link TaskState#AGGREGATING} see {@link #groupTasks}
	 * @param paging which page
	 * @throws QueueNotFoundException when there is no such queue
	 */
	public Listing<TaskDetails> tasks(String queue, TaskState state, Paging paging) {
		if (state == TaskState.AGGREGATING) {
			throw new IllegalArgumentException("Aggregating tasks are listed by group: use groupTasks");
		}
		return TaskListing.read(this.broker, this.tasks, queue, state, null, paging);
	}

	/**
	 * Lists the tasks that wait in an aggregation group, the oldest first. A group that
	 * does not exist is empty.
	 * @param queue the queue
	 * @param group the group
	 * @param paging which page
	 * @throws QueueNotFoundException when there is no such queue
	 */
	public Listing<TaskDetails> groupTasks(String queue, String group, Paging paging) {
		return TaskListing.read(this.broker, this.tasks, queue, TaskState.AGGREGATING, group, paging);
	}

	/**
	 * Lists a queue's aggregation groups, in no order. A page may hold somewhat more or
	 * fewer than asked for, even none before the last; groups that come or go meanwhile
	 * may be missed or listed twice.
	 * @param queue the queue
	 * @param paging which page; without an offset, since groups have no order
	 * @throws QueueNotFoundException when there is no such queue
	 */
	public Listing<GroupInfo> groups(String queue, Paging paging) {
		if (paging.offset() > 0) {
			throw new IllegalArgumentException("Groups have no order to skip in: go on with next()");
		}
		String cursor = (paging.after() != null) ? paging.after() : "0";
		if (!CURSOR.matcher(cursor).matches()) {
			throw new IllegalArgumentException("'%s' is no position in this listing".formatted(cursor));
		}
		InspectBroker.Groups groups = this.broker.groups(queue, cursor, paging.size());
		if (groups.total() == 0) {
			requireQueue(queue);
		}
		List<GroupInfo> items = new ArrayList<>();
		groups.sizes().forEach((name, size) -> items.add(new GroupInfo(name, size)));
		return new Listing<>(List.copyOf(items), groups.total(),
				groups.cursor().equals("0") ? null : paging.continueAfter(groups.cursor()));
	}

	/** Returns a task, if there is one with this id in the queue. */
	public Optional<TaskDetails> find(String queue, String id) {
		return this.broker.find(List.of(queue), id).stream().findFirst().map(this.tasks::found);
	}

	/**
	 * Returns the tasks with this id in all registered queues: usually none or one, but
	 * an id is unique only within its queue.
	 */
	public List<TaskDetails> find(String id) {
		List<StoredTask> found = this.broker.find(queueNames(), id);
		return found.stream().map(this.tasks::found).toList();
	}

	/**
	 * Returns the processes that work on queues, ours and asynq's, by host and process
	 * id. Records that cannot be read are left out, as in asynq.
	 */
	public List<ServerDetails> servers() {
		return this.fleet.servers();
	}

	/**
	 * Returns the cron tasks that are being fired, ours and those of asynq's schedulers,
	 * by id. Records that cannot be read are left out, as in asynq. What our namespace
	 * defines but does not fire at the moment is known to
	 * {@link io.taskqueue.cron.CronTaskRegistry} alone.
	 */
	public List<SchedulerEntryDetails> schedulerEntries() {
		return this.fleet.schedulerEntries();
	}

	/**
	 * Lists the occurrences of a cron task, newest first; the last thousand are kept. An
	 * entry that nobody knows has none.
	 * @param entryId the entry's id: {@link SchedulerEntryDetails#id()}
	 * @param paging which page
	 */
	public Listing<EnqueueEvent> enqueueEvents(String entryId, Paging paging) {
		return this.fleet.enqueueEvents(entryId, paging);
	}

	/**
	 * Pauses a queue: workers of all languages fetch nothing from it until it is resumed.
	 * What runs goes on, and tasks can be enqueued.
	 * @param queue the queue, which need not exist yet
	 * @throws QueueStateException when it is paused already
	 */
	public void pause(String queue) {
		this.queueControl.pause(queue);
	}

	/**
	 * Resumes a paused queue.
	 * @param queue the queue
	 * @throws QueueStateException when it is not paused
	 */
	public void resume(String queue) {
		this.queueControl.resume(queue);
	}

	/**
	 * Deletes a queue with everything that belongs to it, unique locks of its tasks and
	 * completed tasks included. From one moment to the next it is empty and without
	 * statistics for everybody; its tasks are then deleted some at a time. Until a task
	 * is gone an asynq client cannot use its id again (this library's can). If the call
	 * is cut off, calling it again completes it. A queue that somebody goes on to enqueue
	 * to comes into being again. What stays is which ticks of cron tasks were fired, so
	 * that none is fired twice.
	 * @param queue the queue
	 * @param force whether pending, scheduled, retry, archived and aggregating tasks may
	 * be deleted with it
	 * @throws QueueNotFoundException when there is no such queue
	 * @throws QueueStateException when tasks are active, or there are tasks of the other
	 * states and it is not forced; nothing was changed
	 */
	public void deleteQueue(String queue, boolean force) {
		this.queueControl.delete(queue, force);
	}

	/**
	 * Runs a task now that is scheduled, to be retried, archived, retained or
	 * aggregating: it goes to the end of its queue.
	 * @param queue the task's queue
	 * @param id the task's id
	 * @throws TaskNotFoundException when there is no such task
	 * @throws TaskStateException when it is active or pending
	 */
	public void run(String queue, String id) {
		this.taskControl.change(queue, Verb.RUN, id);
	}

	/** Runs several tasks now, and tells for each what became of it. */
	public Map<String, TaskChange> run(String queue, Collection<String> ids) {
		return this.taskControl.change(queue, Verb.RUN, ids);
	}

	/**
	 * Runs all tasks of a state now, some hundred in one step: as many as there were at
	 * the beginning.
	 * @param queue the queue
	 * @param state scheduled, retry or archived
	 * @return how many
	 * @throws QueueNotFoundException when there is no such queue
	 */
	public long runAll(String queue, TaskState state) {
		return this.taskControl.changeAll(queue, Verb.RUN, state, null);
	}

	/** Runs all tasks of an aggregation group now, one by one, and returns how many. */
	public long runGroup(String queue, String group) {
		return this.taskControl.changeAll(queue, Verb.RUN, TaskState.AGGREGATING, group);
	}

	/**
	 * Archives a task that waits or is retained. Its unique lock stays, as in asynq.
	 * @param queue the task's queue
	 * @param id the task's id
	 * @throws TaskNotFoundException when there is no such task
	 * @throws TaskStateException when it is active or archived
	 */
	public void archive(String queue, String id) {
		this.taskControl.change(queue, Verb.ARCHIVE, id);
	}

	/** Archives several tasks, and tells for each what became of it. */
	public Map<String, TaskChange> archive(String queue, Collection<String> ids) {
		return this.taskControl.change(queue, Verb.ARCHIVE, ids);
	}

	/**
	 * Archives all tasks of a state, some hundred in one step: as many as there were at
	 * the beginning. The archive keeps to its limits meanwhile.
	 * @param queue the queue
	 * @param state pending, scheduled or retry
	 * @return how many
	 * @throws QueueNotFoundException when there is no such queue
	 */
	public long archiveAll(String queue, TaskState state) {
		return this.taskControl.changeAll(queue, Verb.ARCHIVE, state, null);
	}

	/** Archives all tasks of an aggregation group, and returns how many. */
	public long archiveGroup(String queue, String group) {
		return this.taskControl.changeAll(queue, Verb.ARCHIVE, TaskState.AGGREGATING, group);
	}

	/**
	 * Deletes a task that nobody runs, and frees the unique lock that it owns.
	 * @param queue the task's queue
	 * @param id the task's id
	 * @throws TaskNotFoundException when there is no such task
	 * @throws TaskStateException when it is active
	 */
	public void delete(String queue, String id) {
		this.taskControl.change(queue, Verb.DELETE, id);
	}

	/** Deletes several tasks, and tells for each what became of it. */
	public Map<String, TaskChange> delete(String queue, Collection<String> ids) {
		return this.taskControl.change(queue, Verb.DELETE, ids);
	}

	/**
	 * Deletes all tasks of a state with the locks that they own, some hundred in one
	 * step: as many as there were at the beginning.
	 * @param queue the queue
	 * @param state pending, scheduled, retry, archived or completed
	 * @return how many
	 * @throws QueueNotFoundException when there is no such queue
	 */
	public long deleteAll(String queue, TaskState state) {
		return this.taskControl.changeAll(queue, Verb.DELETE, state, null);
	}

	/** Deletes all tasks of an aggregation group, and returns how many. */
	public long deleteGroup(String queue, String group) {
		return this.taskControl.changeAll(queue, Verb.DELETE, TaskState.AGGREGATING, group);
	}

	/**
	 * Gives a task that is pending, scheduled or to be retried another time. A pending
	 * one becomes scheduled. How long a unique lock lasts is not changed.
	 * @param queue the task's queue
	 * @param id the task's id
	 * @param at when to run it, to the millisecond; a time that has passed is now
	 * @throws TaskNotFoundException when there is no such task
	 * @throws TaskStateException when it is in another state
	 */
	public void reschedule(String queue, String id, Instant at) {
		this.taskControl.reschedule(queue, id, at);
	}

	/**
	 * Replaces the payload of a task that is pending, scheduled or to be retried (asynq
	 * only: scheduled). The unique lock of a task is made of its payload unless it was
	 * given a key of its own; then it moves with the payload and lasts no longer than
	 * before.
	 * @param queue the task's queue
	 * @param id the task's id
	 * @param payload the new payload, as the handler's codec reads it
	 * @throws TaskNotFoundException when there is no such task
	 * @throws TaskStateException when it is in another state
	 * @throws TaskConflictException when another task has the lock of the new payload;
	 * nothing was changed
	 */
	public void updatePayload(String queue, String id, byte[] payload) {
		this.taskControl.updatePayload(queue, id, payload);
	}

	/**
	 * Cancels a task: archives it if it waits, asks whoever runs it to stop otherwise. A
	 * request that waits for a running task ({@code replace()}) is not cancelled and
	 * takes its place.
	 * @param queue the task's queue
	 * @param id the task's id
	 * @return what became of the request
	 * @throws TaskNotFoundException when there is no such task
	 * @throws TaskStateException when it is not where its state says
	 */
	public Cancellation cancel(String queue, String id) {
		return this.taskControl.cancel(queue, id);
	}

	private void requireQueue(String queue) {
		if (!this.broker.exists(queue)) {
			throw new QueueNotFoundException(queue);
		}
	}

}
