-- Deletes some of the tasks of a queue whose deletion has begun, with the locks that they own.
-- A task that was enqueued again since then stays.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 how many at most
-- Returns  how many were looked at, 0 where nothing is left
-- @include unlock
-- @include of_this_queue
local P, most = KEYS[1], tonumber(ARGV[1])
local names = P .. 'tq:deleted'
local name = redis.call('LINDEX', names, 0)
if not name then
	return 0
end
local ids = {}
if name:match('^tq:deleted:%d+:pending$') then
	ids = redis.call('LRANGE', P .. name, -most, -1)
	redis.call('LTRIM', P .. name, 0, -most - 1)
else
	local popped = redis.call('ZPOPMIN', P .. name, most)
	for i = 1, #popped, 2 do
		ids[#ids + 1] = popped[i]
	end
end
local deleted_ns = tonumber(name:match('^tq:deleted:(%d+):'))
for _, id in ipairs(ids) do
	local task = P .. 't:' .. id
	if not is_of_this_queue(P, id, deleted_ns) then
		unlock(redis.call('HGET', task, 'unique_key'), id)
		redis.call('DEL', task)
	end
end
if redis.call('EXISTS', P .. name) == 0 then
	redis.call('LPOP', names)
end
return math.max(#ids, 1)
