package io.taskqueue.testing;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import io.taskqueue.wire.Keys;
import redis.clients.jedis.Jedis;

/**
 * A person with asynq's command or asynqmon, as far as Redis sees one: the steps of
 * asynq's inspector scripts on one task, in their order. They know nothing of our private
 * data. Answers are asynq's.
 */
public final class AsynqOperator {

	private static final String TAKE_OUT = """
			local function take_out(task, state, id, prefix)
				if state == 'pending' then
					return redis.call('LREM', prefix .. 'pending', 1, id)
				elseif state == 'aggregating' then
					local group = redis.call('HGET', task, 'group')
					local removed = redis.call('ZREM', prefix .. 'g:' .. group, id)
					if redis.call('ZCARD', prefix .. 'g:' .. group) == 0 then
						redis.call('SREM', prefix .. 'groups', group)
					end
					return removed
				end
				return redis.call('ZREM', prefix .. state, id)
			end
			local task = KEYS[1] .. 't:' .. ARGV[1]
			if redis.call('EXISTS', task) == 0 then
				return 0
			end
			local state = redis.call('HGET', task, 'state')
			""";

	private static final String RUN = TAKE_OUT + """
			if state == 'active' then
				return -1
			elseif state == 'pending' then
				return -2
			end
			if take_out(task, state, ARGV[1], KEYS[1]) == 0 then
				return redis.error_reply('task id not found')
			end
			redis.call('LPUSH', KEYS[1] .. 'pending', ARGV[1])
			redis.call('HSET', task, 'state', 'pending')
			return 1
			""";

	private static final String ARCHIVE = TAKE_OUT + """
			if state == 'active' then
				return -2
			elseif state == 'archived' then
				return -1
			end
			if take_out(task, state, ARGV[1], KEYS[1]) == 0 then
				return redis.error_reply('task id not found')
			end
			redis.call('ZADD', KEYS[1] .. 'archived', ARGV[2], ARGV[1])
			redis.call('HSET', task, 'state', 'archived')
			redis.call('ZREMRANGEBYSCORE', KEYS[1] .. 'archived', '-inf', ARGV[2] - 7776000)
			redis.call('ZREMRANGEBYRANK', KEYS[1] .. 'archived', 0, -10000)
			return 1
			""";

	private static final String DELETE = TAKE_OUT + """
			if state == 'active' then
				return -1
			end
			if take_out(task, state, ARGV[1], KEYS[1]) == 0 then
				return redis.error_reply('task id not found')
			end
			local lock = redis.call('HGET', task, 'unique_key')
			if lock and lock ~= '' and redis.call('GET', lock) == ARGV[1] then
				redis.call('DEL', lock)
			end
			redis.call('DEL', task)
			return 1
			""";

	private final Deployment redis;

	private final String prefix;

	private final Clock clock;

	AsynqOperator(Deployment redis, String queue, Clock clock) {
		this.redis = redis;
		this.prefix = Keys.queue(queue);
		this.clock = clock;
	}

	/** Runs a task now: 1, 0 missing, -1 active, -2 pending. */
	public long run(String id) {
		return eval(RUN, id);
	}

	/** Archives a task: 1, 0 missing, -1 archived, -2 active. */
	public long archive(String id) {
		return eval(ARCHIVE, id);
	}

	/** Deletes a task: 1, 0 missing, -1 active. */
	public long delete(String id) {
		return eval(DELETE, id);
	}

	/** Runs all tasks of the retry set, or of another sorted set. */
	public void runAll(String state) {
		try (Jedis jedis = this.redis.jedis()) {
			for (String id : jedis.zrange(this.prefix + state, 0, -1)) {
				jedis.lpush(this.prefix + "pending", id);
				jedis.hset(this.prefix + "t:" + id, "state", "pending");
			}
			jedis.del(this.prefix + state);
		}
	}

	/** Archives all pending tasks, or those of a sorted set. */
	public void archiveAll(String state) {
		try (Jedis jedis = this.redis.jedis()) {
			String source = this.prefix + state;
			List<String> ids = new ArrayList<>(
					state.equals("pending") ? jedis.lrange(source, 0, -1) : jedis.zrange(source, 0, -1));
			for (String id : ids) {
				jedis.zadd(this.prefix + "archived", (double) this.clock.instant().getEpochSecond(), id);
				jedis.hset(this.prefix + "t:" + id, "state", "archived");
			}
			jedis.del(source);
		}
	}

	/** Deletes the queue with all that asynq knows of it, active tasks included. */
	public void deleteQueue() {
		try (Jedis jedis = this.redis.jedis()) {
			for (String list : List.of("pending", "active")) {
				jedis.lrange(this.prefix + list, 0, -1).forEach((id) -> jedis.del(this.prefix + "t:" + id));
				jedis.del(this.prefix + list);
			}
			for (String set : List.of("scheduled", "retry", "archived")) {
				jedis.zrange(this.prefix + set, 0, -1).forEach((id) -> jedis.del(this.prefix + "t:" + id));
				jedis.del(this.prefix + set);
			}
			jedis.del(this.prefix + "lease");
		}
	}

	private long eval(String script, String id) {
		try (Jedis jedis = this.redis.jedis()) {
			return (Long) jedis.eval(script, List.of(this.prefix),
					List.of(id, String.valueOf(this.clock.instant().getEpochSecond())));
		}
	}

}
