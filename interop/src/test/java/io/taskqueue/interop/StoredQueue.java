package io.taskqueue.interop;

import java.util.List;

import io.taskqueue.wire.Keys;
import redis.clients.jedis.Jedis;

/**
 * A queue in the eyes of asynq's tools, and what is wrong with it, looked up at one
 * moment.
 */
final class StoredQueue {

	/** Needs the prefix as ARGV[1]. */
	private static final String FAULTS = """
			local prefix, faults, listed = ARGV[1], {}, 0
			local function check(id, state)
				local hash = prefix .. 't:' .. id
				listed = listed + redis.call('EXISTS', hash)
				if redis.call('HEXISTS', hash, 'msg') == 0 then
					faults[#faults + 1] = id .. ' in ' .. state .. ' has no record'
				elseif redis.call('HGET', hash, 'state') ~= state then
					faults[#faults + 1] = id .. ' in ' .. state .. ' says it is ' .. tostring(redis.call('HGET', hash, 'state'))
				end
				if state == 'active' and not redis.call('ZSCORE', prefix .. 'lease', id) then
					faults[#faults + 1] = id .. ' is active without lease'
				end
			end
			for _, state in ipairs({ 'pending', 'active' }) do
				for _, id in ipairs(redis.call('LRANGE', prefix .. state, 0, -1)) do
					check(id, state)
				end
			end
			local function checkset(key, state)
				local set = redis.call('ZRANGE', prefix .. key, 0, -1, 'WITHSCORES')
				for i = 1, #set, 2 do
					check(set[i], state)
					if not string.match(set[i + 1], '^%d+$') or #set[i + 1] > 15 then
						faults[#faults + 1] = set[i] .. ' in ' .. state .. ' has the score ' .. set[i + 1]
					end
				end
			end
			for _, state in ipairs({ 'scheduled', 'retry', 'archived', 'completed' }) do
				checkset(state, state)
			end
			for _, group in ipairs(redis.call('SMEMBERS', prefix .. 'groups')) do
				checkset('g:' .. group, 'aggregating')
			end
			for _, key in ipairs(redis.call('ZRANGE', prefix .. 'aggregation_sets', 0, -1)) do
				checkset(string.sub(key, #prefix + 1), 'aggregating')
			end
			if redis.call('ZCARD', prefix .. 'lease') ~= redis.call('LLEN', prefix .. 'active') then
				faults[#faults + 1] = 'leases without task'
			end
			local tasks = #redis.call('KEYS', string.gsub(prefix, '[{}]', '?') .. 't:*')
			if tasks ~= listed then
				faults[#faults + 1] = tasks .. ' tasks, but ' .. listed .. ' of them in a list'
			end
			return faults
			""";

	private final Jedis redis;

	private final String prefix;

	/** The queue {@code default}. */
	StoredQueue(Jedis redis) {
		this(redis, "default");
	}

	StoredQueue(Jedis redis, String queue) {
		this.redis = redis;
		this.prefix = Keys.queue(queue);
	}

	/** Returns what is wrong; empty for nothing. */
	List<String> faults() {
		return ((List<?>) this.redis.eval(FAULTS, List.of(), List.of(this.prefix))).stream()
			.map(Object::toString)
			.toList();
	}

	/** Returns a counter's value. */
	int counter(String name) {
		String value = this.redis.get(this.prefix + name);
		return (value != null) ? Integer.parseInt(value) : 0;
	}

	/** Returns the ids in a list or a set, in its order; empty for none. */
	List<String> ids(String state) {
		String key = this.prefix + state;
		return List.of("pending", "active").contains(state) ? this.redis.lrange(key, 0, -1)
				: this.redis.zrange(key, 0, -1);
	}

}
