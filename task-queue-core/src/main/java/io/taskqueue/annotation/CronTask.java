package io.taskqueue.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.taskqueue.MisfirePolicy;
import io.taskqueue.OverlapPolicy;

/**
 * Marks a method that runs periodically, in one process of the fleet each time:
 *
 * <pre class="code">
 * &#64;CronTask(expr = "0 0 9 * * MON-FRI", uuid = "report.daily", retry = "3", timeout = "60s")
 * void report() { ... }
 * </pre>
 *
 * <p>
 * The method is its own task handler, under the type {@code <uuid>.cron}, and may take
 * what a {@link TaskHandler} takes. Texts may hold placeholders such as
 * {@code ${report.queue}}, and an empty text leaves the attribute unset. Each attribute
 * may be given in {@code task-queue.cron.tasks.<uuid>.*} too, which wins. Mistakes are
 * found at start-up.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface CronTask {

	/**
	 * At least one expression; the method runs when any of them says so.
	 */
	String[] expr();

	/**
	 * Names the cron task within the namespace, for good: letters, digits and
	 * {@code . _ : -}.
	 */
	String uuid();

	/**
	 * The zone of all expressions; unset: their prefix, or else
	 * {@code task-queue.scheduler.zone}.
	 */
	String zone() default "";

	/**
	 * The queue; unset: {@code default}.
	 */
	String queue() default "";

	/**
	 * The payload as it is stored, in JSON for the usual codec; unset: none.
	 */
	String payload() default "";

	/**
	 * How many times a failed occurrence is tried again, from 0; unset: 10.
	 */
	String retry() default "";

	/**
	 * The limit of one attempt, such as {@code 60s}; unset: 30 minutes.
	 */
	String timeout() default "";

	/**
	 * How long occurrences are kept after success; unset: not at all.
	 */
	String retention() default "";

	/**
	 * Each occurrence runs at a random time within this after its tick; unset: at once.
	 */
	String jitter() default "";

	/**
	 * What to do while the previous occurrence is not done.
	 */
	OverlapPolicy overlap() default OverlapPolicy.SKIP;

	/**
	 * What to do about ticks that nobody fired in time.
	 */
	MisfirePolicy misfire() default MisfirePolicy.FIRE_ONCE;

	/**
	 * {@code true} or {@code false}: whether it fires; unset: it does.
	 */
	String enabled() default "";

}
