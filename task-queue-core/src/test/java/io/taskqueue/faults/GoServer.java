package io.taskqueue.faults;

import java.time.Clock;
import java.time.Instant;

import io.taskqueue.testing.TestRedis;
import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ListDirection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does to one queue what an asynq server does, command by command, and knows nothing of
 * our fields and keys.
 */
final class GoServer implements AutoCloseable {

	private static final String QUEUE = Keys.queue(Scene.QUEUE);

	private static final String ACTIVE = QUEUE + "active";

	private static final String LEASE = QUEUE + "lease";

	private static final int LEASE_SECONDS = 30;

	private final Jedis jedis;

	private final Clock clock = Clock.systemUTC();

	GoServer(TestRedis redis) {
		this.jedis = redis.jedis();
	}

	/** Returns when a task's lease expires. */
	Instant lease(String id) {
		return Instant.ofEpochSecond(this.jedis.zscore(LEASE, id).longValue());
	}

	/** The recoverer's part: retries a task whose lease has expired. */
	void recover(String id) {
		byte[] key = Keys.task(Scene.QUEUE, id).getBytes(UTF_8);
		TaskMessage message = TaskMessage.decode(this.jedis.hget(key, "msg".getBytes(UTF_8)));
		long now = this.clock.instant().getEpochSecond();
		takeBack(id);
		this.jedis.zadd(QUEUE + "retry", (double) now, id);
		this.jedis.hset(key, "msg".getBytes(UTF_8), message.failed("asynq: task lease expired", now).encode());
		this.jedis.hset(Keys.task(Scene.QUEUE, id), "state", "retry");
		this.jedis.incr(QUEUE + "processed");
		this.jedis.incr(QUEUE + "failed");
	}

	/** The forwarder's part: moves a task that is due. */
	void forward(String id) {
		this.jedis.lpush(QUEUE + "pending", id);
		this.jedis.zrem(QUEUE + "retry", id);
		this.jedis.hset(Keys.task(Scene.QUEUE, id), "state", "pending");
		this.jedis.hset(Keys.task(Scene.QUEUE, id), "pending_since", this.clock.millis() + "000000");
	}

	/** The processor's part: takes the next task. */
	String dequeue() {
		String id = this.jedis.lmove(QUEUE + "pending", ACTIVE, ListDirection.RIGHT, ListDirection.LEFT);
		this.jedis.hset(Keys.task(Scene.QUEUE, id), "state", "active");
		this.jedis.hdel(Keys.task(Scene.QUEUE, id), "pending_since");
		this.jedis.zadd(LEASE, (double) this.clock.instant().getEpochSecond() + LEASE_SECONDS, id);
		return id;
	}

	/** The end of a task that was successful. */
	void done(String id) {
		takeBack(id);
		assertThat(this.jedis.del(Keys.task(Scene.QUEUE, id))).isOne();
		this.jedis.incr(QUEUE + "processed");
	}

	private void takeBack(String id) {
		assertThat(this.jedis.lrem(ACTIVE, 0, id)).isOne();
		assertThat(this.jedis.zrem(LEASE, id)).isOne();
	}

	@Override
	public void close() {
		this.jedis.close();
	}

}
