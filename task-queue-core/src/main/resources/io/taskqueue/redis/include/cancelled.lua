-- A request to cancel a running task names the lease under which the task was held. It counts
-- for exactly that holder: a lease that somebody else sets is later, and renewing extends both.
-- @include forget
-- @include check
local function is_cancelled(task)
	local noted = redis.call('HMGET', task, 'tq:cancel', 'tq:lease')
	return noted[1] and noted[1] == noted[2] or nil
end

-- Those of the tasks that are to be cancelled, which is to be known before anything is written
local function cancelled_of(prefix, ids)
	local cancelled = {}
	for _, id in ipairs(ids) do
		cancelled[id] = is_cancelled(prefix .. 't:' .. id)
	end
	if next(cancelled) then
		check(prefix, 'archived')
	end
	return cancelled
end

-- Archives a task that would have waited, as an operator archives one that waits.
local function archive_cancelled(prefix, id, now_s)
	local task = prefix .. 't:' .. id
	redis.call('ZADD', prefix .. 'archived', now_s, id)
	redis.call('HSET', task, 'state', 'archived')
	forget(task)
end
