package io.taskqueue.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.taskqueue.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is stored, and changes nothing. What each method costs grows neither with
 * the backlog nor with the number of groups, and what others have left behind, whatever
 * it is, makes none of them fail.
 */
public interface InspectBroker {

	/** Returns the names of all registered queues. */
	Set<String> queues();

	/** Returns whether a queue is registered. */
	boolean isRegistered(String queue);

	/**
	 * Returns whether there is such a queue: it is registered, or something of it is
	 * stored.
	 */
	default boolean exists(String queue) {
		return isRegistered(queue) || figures(List.of(queue)).get(0).exists();
	}

	/**
	 * Returns the figures of queues, in their order. A queue that does not exist has
	 * figures too.
	 */
	List<Figures> figures(List<String> queues);

	/**
	 * Returns roughly how many bytes a queue takes, estimated from a sample as in asynq.
	 */
	long memory(String queue);

	/** Returns how many attempts ended on each of the days, in their order. */
	List<Counters> counters(String queue, List<LocalDate> days);

	/**
	 * Returns tasks in a state: pending ones the next to run first, active ones the
	 * longest held first, others by score, the lowest first.
	 * @param group the group where the state is aggregating, {@code null} otherwise
	 */
	Tasks tasks(String queue, TaskState state, @Nullable String group, Part part);

	/**
	 * Looks for a task in each of some queues.
	 * @return those that were found, in the order of the queues
	 */
	List<StoredTask> find(List<String> queues, String id);

	/**
	 * Returns groups with their sizes, in no order. Each group that exists all the while
	 * is returned at least once.
	 * @param cursor where to go on: {@link Groups#cursor()}, {@code 0} to begin
	 * @param count roughly how many
	 */
	Groups groups(String queue, String cursor, int count);

	/**
	 * A queue's figures.
	 *
	 * @param exists whether anything of the queue is stored
	 * @param sizes how many tasks there are in a state; aggregating ones are not among
	 * them
	 * @param groups how many groups there are
	 * @param sampledGroups how many of them were looked at
	 * @param sampledTasks how many tasks these hold
	 * @param today the counters of today
	 * @param total the counters of all time
	 * @param paused what was noted when the queue was paused; {@code null} if it is not
	 * @param nextPendingSince since when the next task to run is pending; {@code null}
	 * where there is none, or nobody has noted it
	 * @param foreign what is stored under the queue's keys in place of what should be, by
	 * key
	 */
	record Figures(boolean exists, Map<TaskState, Long> sizes, long groups, long sampledGroups, long sampledTasks,
			Counters today, Counters total, @Nullable String paused, @Nullable Instant nextPendingSince,
			Map<String, String> foreign) {
	}

	/**
	 * How many attempts ended.
	 *
	 * @param processed all of them
	 * @param failed those that failed
	 */
	record Counters(long processed, long failed) {
	}

	/**
	 * A part of a list.
	 *
	 * @param offset how many to skip
	 * @param count how many at most
	 * @param after where sorted tasks are to go on; {@code null} to skip by offset
	 */
	record Part(long offset, int count, @Nullable After after) {
	}

	/**
	 * A place in a sorted set. Where the id is not there any more, it is before the first
	 * one of its score.
	 *
	 * @param score the score, as text
	 * @param id the id
	 */
	record After(String score, String id) {
	}

	/**
	 * A part of a state's tasks.
	 *
	 * @param total how many tasks are in the state
	 * @param first how many of them come before this part
	 * @param tasks the tasks
	 */
	record Tasks(long total, long first, List<StoredTask> tasks) {
	}

	/**
	 * Some groups.
	 *
	 * @param total how many groups there are
	 * @param cursor where to go on; {@code 0} if these are the last
	 * @param sizes how many tasks wait, by group
	 */
	record Groups(long total, String cursor, Map<String, Long> sizes) {
	}

}
