-- Writes a new task. The caller has removed whatever had its id.
local function create(prefix, id, message, due, due_ms, now_ns, lock, lock_seconds)
	local task = prefix .. 't:' .. id
	if lock ~= '' then
		redis.call('SET', lock, id, 'EX', lock_seconds)
	end
	if due == '0' then
		redis.call('HSET', task, 'msg', message, 'state', 'pending', 'pending_since', now_ns)
	else
		redis.call('HSET', task, 'msg', message, 'state', 'scheduled')
		redis.call('ZADD', prefix .. 'scheduled', due, id)
		redis.call('ZADD', prefix .. 'tq:due', due_ms, id)
	end
	if lock ~= '' then
		redis.call('HSET', task, 'unique_key', lock)
	end
end
