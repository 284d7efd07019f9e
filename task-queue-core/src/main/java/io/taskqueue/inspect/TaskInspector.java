package io.taskqueue.inspect;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.taskqueue.QueueNotFoundException;
import io.taskqueue.TaskQueueException;
import io.taskqueue.TaskState;
import io.taskqueue.broker.InspectBroker;
import io.taskqueue.broker.InspectBroker.Counters;
import io.taskqueue.broker.SnapshotBroker;
import io.taskqueue.broker.StoredTask;

/**
 * Looks into every queue of a Redis, whoever writes to it. Thread-safe.
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

	private final InspectBroker broker;

	private final Clock clock;

	private final TaskReader tasks;

	private final FleetReader fleet;

	/**
	 * Creates an inspector.
	 * @param broker reads queues and tasks
	 * @param snapshots reads what servers and schedulers report
	 * @param clock the clock that tasks are enqueued by
	 */
	public TaskInspector(InspectBroker broker, SnapshotBroker snapshots, Clock clock) {
		this.broker = broker;
		this.clock = clock;
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

	private void requireQueue(String queue) {
		if (!this.broker.exists(queue)) {
			throw new QueueNotFoundException(queue);
		}
	}

}
