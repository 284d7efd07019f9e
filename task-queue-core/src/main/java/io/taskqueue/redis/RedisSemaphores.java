package io.taskqueue.redis;

import java.time.Instant;

import io.taskqueue.broker.SemaphoreBroker;
import io.taskqueue.wire.Keys;

/**
 * Permits in asynq's sorted sets: {@code semaphore_acquire.lua}.
 */
final class RedisSemaphores implements SemaphoreBroker {

	private static final Script ACQUIRE = Script.load("semaphore_acquire");

	private final RedisPort redis;

	private final ScriptTime time;

	RedisSemaphores(RedisPort redis, ScriptTime time) {
		this.redis = redis;
		this.time = time;
	}

	@Override
	public boolean acquire(String scope, int permits, String id, Instant until) {
		Args args = new Args(4).add(this.time.nowSeconds() - 1).add(permits).add(until.getEpochSecond()).add(id);
		return Reply.number(ACQUIRE, this.redis.eval(ACQUIRE, Keys.semaphore(scope), args)) == 1;
	}

	@Override
	public boolean release(String scope, String id) {
		return this.redis.zrem(Args.utf8(Keys.semaphore(scope)), Args.utf8(id));
	}

}
