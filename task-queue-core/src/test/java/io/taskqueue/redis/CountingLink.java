package io.taskqueue.redis;

import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;

/**
 * Counts the dedicated connections that are opened.
 */
record CountingLink(Link link, CountDownLatch opened) implements Link {

	@Override
	public String address() {
		return this.link.address();
	}

	@Override
	public void start() {
		this.link.start();
	}

	@Override
	public void stop() {
		this.link.stop();
	}

	@Override
	public RedisConnection open() {
		return this.link.open();
	}

	@Override
	public @Nullable Object eval(RedisConnection connection, Script script, boolean known, int keys,
			byte[][] keysAndArgs) {
		return this.link.eval(connection, script, known, keys, keysAndArgs);
	}

	@Override
	public DedicatedConnection dedicate(byte[] key) {
		DedicatedConnection connection = this.link.dedicate(key);
		this.opened.countDown();
		return connection;
	}

}
