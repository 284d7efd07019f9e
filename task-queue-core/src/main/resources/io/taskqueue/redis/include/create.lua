-- Writes a new task and returns its state. The caller has removed whatever had its id, and
-- pushes it where it is pending.
--
-- asynq notes the group of a scheduled task in its record only, so that it runs alone; ours
-- is in the hash as well, where every forwarder finds it. asynq's hash of a task that joins
-- its group at once does not name the lock.
local function create(prefix, id, message, due, due_ms, now_ns, lock, lock_seconds, group)
	local task = prefix .. 't:' .. id
	local grouped = group and group ~= ''
	if lock ~= '' then
		redis.call('SET', lock, id, 'EX', lock_seconds)
	end
	if due == '0' and grouped then
		redis.call('HSET', task, 'msg', message, 'state', 'aggregating', 'group', group)
		-- Nanoseconds without their last nine digits
		redis.call('ZADD', prefix .. 'g:' .. group, string.sub(now_ns, 1, -10), id)
		redis.call('SADD', prefix .. 'groups', group)
		return 'aggregating'
	end
	local state = 'pending'
	if due == '0' then
		redis.call('HSET', task, 'msg', message, 'state', state, 'pending_since', now_ns)
	else
		state = 'scheduled'
		redis.call('HSET', task, 'msg', message, 'state', state)
		redis.call('ZADD', prefix .. 'scheduled', due, id)
		redis.call('ZADD', prefix .. 'tq:due', due_ms, id)
		if grouped then
			redis.call('HSET', task, 'group', group)
		end
	end
	if lock ~= '' then
		redis.call('HSET', task, 'unique_key', lock)
	end
	return state
end
