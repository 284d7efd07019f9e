package io.taskqueue.handler;

import java.util.List;

import io.taskqueue.AggregationRules;
import io.taskqueue.GroupedTask;
import io.taskqueue.TaskAggregator;
import io.taskqueue.TaskRequest;
import org.jspecify.annotations.Nullable;

/**
 * What merges the tasks of aggregation groups.
 *
 * @param name the name under which it is configured
 * @param pattern a group's name, or a prefix of names that ends in {@code *}
 * @param queue the queue whose groups are meant; {@code null} for all
 * @param rules when tasks are merged
 * @param source where it was declared, for messages
 * @param function the code to run
 */
public record Aggregator(String name, String pattern, @Nullable String queue, AggregationRules rules, String source,
		Function function) {

	/** Makes an aggregator of a bean. */
	public static Aggregator of(TaskAggregator bean) {
		String source = HandlerMethod.targetClass(bean).getName();
		AnnotatedAggregators.requirePattern(bean.group(), source);
		return new Aggregator(bean.name(), bean.group(), bean.queue(), bean.rules(), source, bean::aggregate);
	}

	/** Returns a copy with other rules, for another queue, and declared elsewhere. */
	public Aggregator with(@Nullable String queue, AggregationRules rules, String source) {
		return new Aggregator(this.name, this.pattern, queue, rules, source, this.function);
	}

	/** Tells whether the pattern is a prefix. */
	public boolean isPrefix() {
		return this.pattern.endsWith("*");
	}

	/** Returns the pattern without what makes it a prefix. */
	public String text() {
		return isPrefix() ? this.pattern.substring(0, this.pattern.length() - 1) : this.pattern;
	}

	boolean fits(String queue, String group) {
		return servesQueue(queue) && (isPrefix() ? group.startsWith(text()) : group.equals(this.pattern));
	}

	boolean servesQueue(String queue) {
		return this.queue == null || this.queue.equals(queue);
	}

	/**
	 * Merges tasks.
	 */
	@FunctionalInterface
	public interface Function {

		/**
		 * Merges the tasks of a group.
		 * @return the task that takes their place; {@code null} is a mistake
		 * @throws UnreadableTasksException when payloads cannot be read
		 * @throws Exception to leave the tasks where they are
		 */
		@Nullable TaskRequest merge(String group, List<GroupedTask<byte[]>> tasks) throws Exception;

	}

}
