package io.taskqueue.redis;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;

/**
 * The way to Redis for one purpose: a private connection factory and the little that
 * differs between drivers. Exceptions are the driver's or Spring's.
 */
interface Link {

	/** Where Redis is, for messages. */
	String address();

	/** Starts; after {@link #stop()} it may be started again. */
	void start();

	/** Ends all connections; does nothing if not started. */
	void stop();

	/** Returns a connection for a few quick commands, to be closed soon. */
	RedisConnection open();

	/**
	 * Runs a script. Spring's own call fixes the reply's shape beforehand, and no shape
	 * carries every reply with both drivers.
	 * @param connection one of this link
	 * @param script the script
	 * @param known whether to name it by its digest rather than to send it
	 * @param keys how many of the following are keys, to which clusters route
	 * @param keysAndArgs the keys, then the arguments
	 * @return a {@code Long}, {@code byte[]}, list of such (nested, with nulls), or null
	 */
	@Nullable Object eval(RedisConnection connection, Script script, boolean known, int keys, byte[][] keysAndArgs);

	/**
	 * Opens a connection for one user.
	 * @param key in a cluster, the key whose node to connect to
	 */
	DedicatedConnection dedicate(byte[] key);

	/** Told after each success. */
	default void worked() {
	}

	/** Told after each failure; lets go of connections that would fail again. */
	default void failed(RedisErrors.Kind kind) {
	}

}
