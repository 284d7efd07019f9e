package io.taskqueue.redis;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.DecoratedRedisConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.util.ClassUtils;

/**
 * A link over a connection factory of which nothing can be derived, used as it is, with
 * its own time-outs, and never started or stopped.
 */
final class GivenLink implements Link {

	private static final boolean LETTUCE = ClassUtils.isPresent(RedisConnections.LETTUCE,
			GivenLink.class.getClassLoader());

	private final RedisConnectionFactory factory;

	private final Timeouts timeouts;

	GivenLink(RedisConnectionFactory factory, Timeouts timeouts) {
		this.factory = factory;
		this.timeouts = timeouts;
	}

	@Override
	public String address() {
		return "the address of " + this.factory.getClass().getName();
	}

	@Override
	public void start() {
	}

	@Override
	public void stop() {
	}

	@Override
	public RedisConnection open() {
		return this.factory.getConnection();
	}

	@Override
	public @Nullable Object eval(RedisConnection connection, Script script, boolean known, int keys,
			byte[][] keysAndArgs) {
		RedisConnection actual = connection;
		while (actual instanceof DecoratedRedisConnection decorated) {
			actual = decorated.getDelegate();
		}
		if (LETTUCE && Lettuce.is(actual)) {
			return Lettuce.eval(actual, this.timeouts.command(), script, known, keys, keysAndArgs);
		}
		return known ? actual.scriptingCommands().evalSha(script.sha(), ReturnType.VALUE, keys, keysAndArgs)
				: actual.scriptingCommands().eval(script.source(), ReturnType.VALUE, keys, keysAndArgs);
	}

	@Override
	public DedicatedConnection dedicate(byte[] key) {
		return new GivenDedicatedConnection(this.factory.getConnection());
	}

	/** Loaded only where Lettuce is. */
	private static final class Lettuce {

		static boolean is(RedisConnection connection) {
			return connection instanceof org.springframework.data.redis.connection.lettuce.LettuceConnection;
		}

		static @Nullable Object eval(RedisConnection connection, Duration timeout, Script script, boolean known,
				int keys, byte[][] keysAndArgs) {
			return LettuceLink.evalRaw((org.springframework.data.redis.connection.lettuce.LettuceConnection) connection,
					timeout, script, known, keys, keysAndArgs);
		}

	}

}
