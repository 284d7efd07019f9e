package io.taskqueue.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Marks the {@code Executor} bean that runs the worker's handlers in place of its own
 * threads:
 *
 * <pre class="code">
 * &#64;Bean(defaultCandidate = false)
 * &#64;TaskQueueExecutor
 * ThreadPoolTaskExecutor taskThreads() { ... }
 * </pre>
 *
 * It should have as many threads as {@code task-queue.worker.concurrency} says. A bean
 * with the name {@code taskQueueExecutor} needs no annotation.
 */
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Qualifier("taskQueueExecutor")
public @interface TaskQueueExecutor {

}
