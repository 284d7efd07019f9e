package io.taskqueue.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Marks the {@code RedisConnectionFactory} bean that says where the task queues are, if
 * that is another Redis than the application's:
 *
 * <pre class="code">
 * &#64;Bean(defaultCandidate = false)
 * &#64;TaskQueueConnectionFactory
 * JedisConnectionFactory queueRedis() { ... }
 * </pre>
 *
 * A bean with the name {@code taskQueueRedisConnectionFactory} needs no annotation.
 */
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Qualifier("taskQueueRedisConnectionFactory")
public @interface TaskQueueConnectionFactory {

}
