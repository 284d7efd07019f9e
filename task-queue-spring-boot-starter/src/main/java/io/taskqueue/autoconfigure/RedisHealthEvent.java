package io.taskqueue.autoconfigure;

import io.taskqueue.HealthListener.Health;

import org.springframework.context.ApplicationEvent;

/**
 * Redis was asked for a sign of life. Published at
 * {@code task-queue.redis.health-interval}, on a thread that does nothing else, whether
 * it answered or not.
 */
public final class RedisHealthEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final transient Health health;

	RedisHealthEvent(Object source, Health health) {
		super(source);
		this.health = health;
	}

	/** Returns the result. */
	public Health health() {
		return this.health;
	}

}
