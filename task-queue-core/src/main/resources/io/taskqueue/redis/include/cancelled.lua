-- A request to cancel a running task names the lease under which the task was held. It counts
-- for exactly that holder: a lease that somebody else sets is later, and renewing extends both.
-- @include note
local function is_cancelled(task)
	local noted = redis.call('HMGET', task, 'tq:cancel', 'tq:lease')
	return noted[1] and noted[1] == noted[2] or nil
end

-- Archives a task that would have waited, as an operator archives one that waits.
local function archive_cancelled(prefix, id, now_s)
	local task = prefix .. 't:' .. id
	redis.call('ZADD', prefix .. 'archived', now_s, id)
	redis.call('HSET', task, 'state', 'archived')
	redis.call('HDEL', task, 'tq:owner', 'tq:lease', 'tq:cancel', unpack(NOTES))
end
