package io.taskqueue.testing;

import java.time.Instant;
import java.util.function.Function;

import io.taskqueue.redis.RedisBroker;
import io.taskqueue.redis.RedisOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The storages to test with: the shared Redis, over each driver. Started on first use and
 * kept for the whole test JVM; each has its clock.
 */
public final class Storage {

	/** Over Jedis. */
	public static final Storage JEDIS = new Storage(TestRedis::jedisFactory);

	/** Over Lettuce. */
	public static final Storage LETTUCE = new Storage(TestRedis::lettuceFactory);

	private final Function<TestRedis, RedisConnectionFactory> factory;

	private final MutableClock clock = new MutableClock(Instant.EPOCH);

	private @Nullable RedisBroker broker;

	private Storage(Function<TestRedis, RedisConnectionFactory> factory) {
		this.factory = factory;
	}

	/** Returns the server. */
	public TestRedis redis() {
		return TestRedis.shared();
	}

	/** Returns the broker's clock. */
	public MutableClock clock() {
		return this.clock;
	}

	/** Returns the broker. */
	public synchronized RedisBroker broker() {
		RedisBroker started = this.broker;
		if (started == null) {
			started = broker(redis());
			this.broker = started;
		}
		return started;
	}

	/** Returns a new started broker of another server, with the same clock. */
	public RedisBroker broker(TestRedis redis) {
		RedisBroker made = new RedisBroker(this.factory.apply(redis), RedisOptions.STANDARD, this.clock);
		made.start("test");
		return made;
	}

}
