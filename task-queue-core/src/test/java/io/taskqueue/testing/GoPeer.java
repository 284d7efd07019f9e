package io.taskqueue.testing;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.taskqueue.wire.Keys;
import io.taskqueue.wire.TaskMessage;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.params.ZAddParams;
import redis.clients.jedis.params.ZRangeParams;

/**
 * An asynq server, as far as Redis sees one: the commands of asynq's scripts, in their
 * order, sent from here. It knows nothing of our private data. What asynq answers with
 * NOT FOUND is {@code false} or {@code null} here.
 */
public final class GoPeer {

	private static final String LEASE_EXPIRED = "asynq: task lease expired";

	private final Deployment redis;

	private final Clock clock;

	private final String queue;

	private final String prefix;

	GoPeer(Deployment redis, String queue, Clock clock) {
		this.redis = redis;
		this.queue = queue;
		this.clock = clock;
		this.prefix = Keys.queue(queue);
	}

	/** Enqueues a task. */
	public void enqueue(TaskMessage message) {
		run((jedis) -> {
			jedis.sadd(Keys.QUEUES, this.queue);
			write(jedis, message, "pending");
			jedis.hset(task(message.id()), "pending_since", nowNanos());
			return jedis.lpush(this.prefix + "pending", message.id());
		});
	}

	/** Enqueues a task for later. */
	public void schedule(TaskMessage message, long due) {
		run((jedis) -> {
			write(jedis, message, "scheduled");
			put(jedis, "scheduled", due, message.id());
			return null;
		});
	}

	/** Takes the next task and returns its id. */
	public @Nullable String dequeue() {
		return run((jedis) -> {
			String id = jedis.lmove(this.prefix + "pending", this.prefix + "active", ListDirection.RIGHT,
					ListDirection.LEFT);
			if (id != null) {
				jedis.hset(task(id), "state", "active");
				jedis.hdel(task(id), "pending_since");
				put(jedis, "lease", now() + 30, id);
			}
			return id;
		});
	}

	/** Ends a task that is done. */
	public boolean done(String id) {
		return run((jedis) -> {
			if (!takeBack(jedis, id)) {
				return false;
			}
			jedis.del(task(id));
			count(jedis, "processed");
			return true;
		});
	}

	/** Keeps a task that is done. */
	public boolean complete(String id, long retention) {
		return run((jedis) -> {
			TaskMessage message = read(jedis, id);
			if (!takeBack(jedis, id)) {
				return false;
			}
			put(jedis, "completed", now() + retention, id);
			write(jedis, message.completed(now()), "completed");
			count(jedis, "processed");
			return true;
		});
	}

	/** Gives a task back at a shutdown. */
	public boolean requeue(String id) {
		return run((jedis) -> {
			if (!takeBack(jedis, id)) {
				return false;
			}
			jedis.rpush(this.prefix + "pending", id);
			jedis.hset(task(id), "state", "pending");
			return true;
		});
	}

	/** Puts a failed task into the retry set. */
	public boolean retry(String id, String error, long delay) {
		return run((jedis) -> retry(jedis, read(jedis, id).failed(error, now()), delay));
	}

	private boolean retry(Jedis jedis, TaskMessage failed, long delay) {
		if (!takeBack(jedis, failed.id())) {
			return false;
		}
		put(jedis, "retry", now() + delay, failed.id());
		write(jedis, failed, "retry");
		count(jedis, "processed", "failed");
		return true;
	}

	/** Archives a failed task. */
	public boolean archive(String id, String error) {
		return run((jedis) -> archive(jedis, read(jedis, id).failedUncounted(error, now())));
	}

	private boolean archive(Jedis jedis, TaskMessage failed) {
		if (!takeBack(jedis, failed.id())) {
			return false;
		}
		put(jedis, "archived", now(), failed.id());
		write(jedis, failed, "archived");
		count(jedis, "processed", "failed");
		return true;
	}

	/** Extends a lease that is there. */
	public void extendLease(String id) {
		run((jedis) -> jedis.zadd(this.prefix + "lease", (double) now() + 30, id, ZAddParams.zAddParams().xx()));
	}

	/** Retries or archives what expired 30 s ago, and returns which. */
	public List<String> recover(long delay) {
		return run((jedis) -> {
			List<String> recovered = new ArrayList<>();
			for (String id : upTo(jedis, "lease", now() - 30)) {
				TaskMessage message = read(jedis, id);
				boolean done = (message.retried() >= message.retry())
						? archive(jedis, message.failedUncounted(LEASE_EXPIRED, now()))
						: retry(jedis, message.failed(LEASE_EXPIRED, now()), delay);
				if (done) {
					recovered.add(id);
				}
			}
			return recovered;
		});
	}

	/** Moves due tasks to the queue. */
	public void forward() {
		for (String set : List.of("scheduled", "retry")) {
			run((jedis) -> {
				for (String id : upTo(jedis, set, now())) {
					jedis.lpush(this.prefix + "pending", id);
					jedis.zrem(this.prefix + set, id);
					jedis.hset(task(id), "state", "pending");
					jedis.hset(task(id), "pending_since", nowNanos());
				}
				return null;
			});
		}
	}

	/** An operator runs a task of a sorted set now. */
	public void runNow(String id) {
		run((jedis) -> {
			jedis.zrem(this.prefix + jedis.hget(task(id), "state"), id);
			jedis.lpush(this.prefix + "pending", id);
			return jedis.hset(task(id), "state", "pending");
		});
	}

	private boolean takeBack(Jedis jedis, String id) {
		return jedis.lrem(this.prefix + "active", 0, id) > 0 && jedis.zrem(this.prefix + "lease", id) > 0;
	}

	private void count(Jedis jedis, String... names) {
		for (String name : names) {
			String day = this.prefix + name + ":" + LocalDate.ofInstant(this.clock.instant(), ZoneOffset.UTC);
			if (jedis.incr(day) == 1) {
				jedis.expireAt(day, now() + 90L * 24 * 3600);
			}
			jedis.incr(this.prefix + name);
		}
	}

	private void put(Jedis jedis, String set, long score, String id) {
		jedis.zadd(this.prefix + set, (double) score, id);
	}

	private List<String> upTo(Jedis jedis, String set, long score) {
		return jedis.zrange(this.prefix + set,
				ZRangeParams.zrangeByScoreParams(Double.NEGATIVE_INFINITY, (double) score));
	}

	private TaskMessage read(Jedis jedis, String id) {
		return TaskMessage.decode(jedis.hget(utf8(task(id)), utf8("msg")));
	}

	private void write(Jedis jedis, TaskMessage message, String state) {
		jedis.hset(utf8(task(message.id())), utf8("msg"), message.encode());
		jedis.hset(task(message.id()), "state", state);
	}

	private String task(String id) {
		return this.prefix + "t:" + id;
	}

	private String nowNanos() {
		Instant now = this.clock.instant();
		return String.valueOf(now.getEpochSecond() * 1_000_000_000 + now.getNano());
	}

	private long now() {
		return this.clock.instant().getEpochSecond();
	}

	private <T> T run(Function<Jedis, T> commands) {
		try (Jedis jedis = this.redis.jedis()) {
			return commands.apply(jedis);
		}
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
