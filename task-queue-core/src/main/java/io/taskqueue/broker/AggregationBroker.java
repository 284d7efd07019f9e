package io.taskqueue.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.taskqueue.TaskQueueUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Takes tasks out of aggregation groups, in sets, and puts what was made of them in their
 * place. A set belongs to whoever took it, of us or asynq, until its deadline; then
 * anybody may put it back. Every method that takes a set changes nothing where it was put
 * back before. All throw {@link TaskQueueUnavailableException} when the effect is not
 * known.
 */
public interface AggregationBroker {

	/** How long a set belongs to whoever took it (asynq's constant). */
	Duration DEADLINE = Duration.ofMinutes(2);

	/** Begins with the first page of groups; what a page returns after the last. */
	String BEGIN = "0";

	/**
	 * Takes sets out of groups that are ready, at most one of each group, among one page
	 * of the queue's groups.
	 * @param queue the queue
	 * @param batch names the call; repeated, it returns the same sets
	 * @param cursor the page
	 * @param rules when groups are ready; the first that fits a group counts
	 * @param limit how many sets at most
	 */
	Page take(String queue, BatchId batch, String cursor, List<Rule> rules, int limit);

	/**
	 * When groups are ready.
	 *
	 * @param pattern a group's name or a prefix
	 * @param prefix whether it is a prefix
	 * @param maxSize how many tasks are enough; 0 for no such rule
	 * @param maxDelay how long the oldest one waits at most; zero for no such rule
	 * @param grace for how long none must have joined
	 */
	record Rule(String pattern, boolean prefix, int maxSize, Duration maxDelay, Duration grace) {
	}

	/**
	 * What was found among a page of groups.
	 *
	 * @param next the next page; {@link #BEGIN} after the last
	 * @param sets the sets that were taken
	 */
	record Page(String next, List<TaskSet> sets) {
	}

	/**
	 * Tasks that were taken out of a group.
	 *
	 * @param queue the queue
	 * @param group the group
	 * @param id the set's id
	 * @param deadline until when it belongs to whoever took it, in whole seconds
	 */
	record TaskSet(String queue, String group, String id, Instant deadline) {
	}

	/**
	 * Returns the tasks of a set, the first to join first; none where it was put back.
	 */
	List<Member> read(TaskSet set);

	/**
	 * A task of a set.
	 *
	 * @param id the task's id
	 * @param message the encoded record; empty if there is no such task
	 */
	record Member(String id, byte[] message) {
	}

	/** Archives tasks of a set that cannot be merged, which is not a failed attempt. */
	void reject(TaskSet set, List<Member> members);

	/**
	 * Puts a task in the place of a set and its tasks, in one step.
	 * @param set the set
	 * @param batch names the call; repeated, it has no second effect
	 * @param size how many tasks the set holds
	 * @param merged the task; its conflict policy is ignored, a taken id is a conflict.
	 * {@code null} to forget a set whose tasks do not exist
	 */
	HandOver handOver(TaskSet set, BatchId batch, int size, EnqueueBroker.@Nullable Command merged);

	/** What became of a set. */
	enum HandOver {

		/** The task has taken its place. */
		DONE,
		/** It was put back before; nothing was changed. */
		LOST,
		/** It does not hold the same tasks any more; nothing was changed. */
		CHANGED,
		/** The id of the task is taken; nothing was changed. */
		CONFLICT,
		/** The unique lock of the task is held by another; nothing was changed. */
		DUPLICATE

	}

	/** Puts a set back into its group. */
	void giveBack(TaskSet set);

	/**
	 * Puts a set back into its group, which nobody of us takes sets from for a while.
	 * @param first how long after a first failure; doubles with every failure in a row
	 * @param longest how long at most
	 * @return until when; {@code null} where the set was put back before
	 */
	@Nullable Instant putOff(TaskSet set, Duration first, Duration longest);

}
