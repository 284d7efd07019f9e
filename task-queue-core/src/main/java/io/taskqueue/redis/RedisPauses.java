package io.taskqueue.redis;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

import io.taskqueue.broker.PauseBroker;
import io.taskqueue.wire.Keys;

/**
 * The paused task types of a namespace, in one set.
 */
final class RedisPauses implements PauseBroker {

	private final RedisPort redis;

	private final byte[] key;

	RedisPauses(RedisPort redis, String namespace) {
		this.redis = redis;
		this.key = Args.utf8(Keys.pausedTypes(namespace));
	}

	@Override
	public void pause(String type) {
		this.redis.sadd(this.key, Args.utf8(type));
	}

	@Override
	public void resume(String type) {
		this.redis.srem(this.key, Args.utf8(type));
	}

	@Override
	public Set<String> paused() {
		Set<String> paused = new HashSet<>();
		for (byte[] type : this.redis.smembers(this.key)) {
			paused.add(new String(type, StandardCharsets.UTF_8));
		}
		return paused;
	}

}
