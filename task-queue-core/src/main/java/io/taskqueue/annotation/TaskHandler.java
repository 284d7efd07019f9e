package io.taskqueue.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Marks the method that runs the tasks of one type:
 *
 * <pre class="code">
 * &#64;TaskHandler(type = "login.failed", retry = "3", timeout = "10s")
 * void onFailure(LoginFailed login, TaskContext task) { ... }
 * </pre>
 *
 * <p>
 * The method may take, in any order, one payload of any type that the codec can read,
 * generic types included; the {@link io.taskqueue.TaskContext}; a
 * {@link io.taskqueue.Task} in place of the payload; single headers with
 * {@link Header @Header}; all headers with {@link Headers @Headers}. The payload is
 * {@code null} where the task has none. A returned {@code byte[]} is kept as the task's
 * result, other values are not; what it throws fails the attempt. It must have done its
 * work when it returns, so futures, reactive types and {@code @Async} are refused.
 *
 * <p>
 * Texts may hold placeholders such as {@code ${login.queue}}, and an empty text leaves
 * the attribute unset. Durations are written {@code 500ms}, {@code 10s}, {@code 5m},
 * {@code 1h30m} or {@code PT10S}, never without a unit. Mistakes are found at start-up.
 *
 * <p>
 * May be put on other annotations, whose attributes then stand for attributes of this one
 * by {@link AliasFor @AliasFor}. On an interface's method it counts for the methods that
 * implement it.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface TaskHandler {

	/**
	 * The same as {@link #type()}.
	 */
	@AliasFor("type")
	String value() default "";

	/**
	 * The task type, or a prefix of it that ends before or after a {@code :}, {@code .}
	 * or {@code /}: a handler for {@code email} also runs {@code email:send} unless
	 * another one is closer. Must not be blank, begin or end with white space, or hold
	 * braces or control characters.
	 */
	@AliasFor("value")
	String type() default "";

	/**
	 * The queue for tasks of this type whose call names none; unset: {@code default}.
	 */
	String queue() default "";

	/**
	 * How many times a failed task is tried again, from 0; unset: 10.
	 */
	String retry() default "";

	/**
	 * The limit of one attempt, stored in whole seconds, rounded up; {@code 0s} for none
	 * beside a deadline; unset: 30 minutes, or none where the task has a deadline.
	 */
	String timeout() default "";

	/**
	 * How long tasks are kept after success; unset: not at all.
	 */
	String retention() default "";

	/**
	 * The wait between attempts: a duration for always the same,
	 * {@code exponential(10s, 2, 1h)} for a first wait, a factor and the longest wait
	 * (and, if given, a jitter from 0 to 1, else 0.2), or {@code asynq} for asynq's
	 * formula; unset: the worker's.
	 */
	String backoff() default "";

	/**
	 * How many of these tasks one worker runs at once, from 1; unset or 0: as many as the
	 * worker runs of all types.
	 */
	String concurrency() default "";

	/**
	 * How many of these tasks run at once on all servers together, from 1; unset or 0: no
	 * limit. Counted by asynq's {@code x/rate} semaphore with the type as its scope, so
	 * that Go handlers can take part. Tasks over the limit are put off for about a
	 * second, without using an attempt.
	 */
	String totalConcurrency() default "";

	/**
	 * The name of an {@code Executor} bean that runs these tasks in place of the worker's
	 * threads; a task that it rejects is put off for about half a second, without using
	 * an attempt. Unset: the worker's. Only where a bean factory looks for the handlers.
	 */
	String executor() default "";

	/**
	 * Exceptions after which a task is archived without another attempt, also when they
	 * are causes of what was thrown; default: none.
	 */
	Class<? extends Throwable>[] noRetryFor() default {};

}
