package io.taskqueue.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Marks the method that merges the tasks of aggregation groups into one task each:
 *
 * <pre class="code">
 * &#64;TaskAggregator(group = "mail:*", type = "mail.digest", maxSize = "100", maxDelay = "10m")
 * Digest digest(String group, List&lt;Mail&gt; mails) { ... }
 * </pre>
 *
 * <p>
 * The method takes one list, of payloads of any type that the codec can read or of
 * {@link io.taskqueue.GroupedTask}, and may take the group's name as a {@code String}. It
 * returns the payload of the merged task, whose type is then {@link #type()}, or a
 * {@link io.taskqueue.TaskRequest} with a type and options of its own.
 *
 * <p>
 * Tasks that have been taken out of their group are merged by one process at a time, of
 * ours or asynq's. The merged task takes their place in one step, in their queue,
 * whichever the request asks for; without an id of its own it gets one that is new. Where
 * the method throws or returns {@code null}, or the merged task cannot be enqueued, the
 * tasks go back to their group, and the group is left alone for 10 s, doubling to 10 min
 * with every failure in a row. Where a payload cannot be read its task is archived and
 * the others are merged. A method that takes longer than two minutes is interrupted, and
 * its result is dropped: the tasks have gone back. It may be called twice for the same
 * tasks, so side effects belong into the handler of the merged task.
 *
 * <p>
 * Texts may hold placeholders such as {@code ${mail.group}}, and an empty text leaves the
 * attribute unset. Each attribute but name, group and type may be given in
 * {@code task-queue.aggregators.<name>.*} too, which wins. Mistakes are found at
 * start-up.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface TaskAggregator {

	/**
	 * The same as {@link #group()}.
	 */
	@AliasFor("group")
	String value() default "";

	/**
	 * Which groups: a name, or a prefix of names that ends in {@code *}. Of several that
	 * fit, the exact one counts, then the longest.
	 */
	@AliasFor("value")
	String group() default "";

	/**
	 * The queue whose groups are meant; unset: all queues that this application works on.
	 */
	String queue() default "";

	/**
	 * The name in {@code task-queue.aggregators.<name>.*}; unset: the group.
	 */
	String name() default "";

	/**
	 * The type of the merged task, where the method returns its payload.
	 */
	String type() default "";

	/**
	 * How many tasks are enough, and the most that are merged at once, up to 10000;
	 * unset: it does not matter how many there are.
	 */
	String maxSize() default "";

	/**
	 * How long the oldest task waits at most; unset: that does not matter.
	 */
	String maxDelay() default "";

	/**
	 * For how long no task must have joined the group, at least {@code 1s}; unset: a
	 * minute.
	 */
	String grace() default "";

}
