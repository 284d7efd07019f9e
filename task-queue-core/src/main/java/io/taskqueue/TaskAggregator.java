package io.taskqueue;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Merges the tasks of aggregation groups, as a bean. For a method of any bean see
 * {@link io.taskqueue.annotation.TaskAggregator @TaskAggregator}, which says more about
 * what is merged when. Called from several threads.
 */
public interface TaskAggregator {

	/**
	 * Returns which groups: a name, or a prefix of names that ends in {@code *}.
	 */
	String group();

	/** Returns the queue whose groups are meant; {@code null} for all. */
	default @Nullable String queue() {
		return null;
	}

	/**
	 * Returns the name in {@code task-queue.aggregators.<name>.*}; the group's by
	 * default.
	 */
	default String name() {
		return group();
	}

	/** Returns when tasks are merged; {@link AggregationRules#STANDARD} by default. */
	default AggregationRules rules() {
		return AggregationRules.STANDARD;
	}

	/**
	 * Merges tasks into one.
	 * @param group the group's name
	 * @param tasks the tasks with their payloads as they are stored, the first to join
	 * first; at least one
	 * @return the task that takes their place in their queue; the queue that it asks for
	 * is ignored. It must not join the same group again
	 * @throws Exception to leave the tasks in their group and be called again later
	 */
	TaskRequest aggregate(String group, List<GroupedTask<byte[]>> tasks) throws Exception;

}
