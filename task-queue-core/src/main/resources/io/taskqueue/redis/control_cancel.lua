-- Cancels a task: one that waits is archived; whoever holds one is asked to stop. Our own
-- workers find the request with the task as well if they miss the message, and hear the
-- task's key in place of its id, which other queues may have too.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 id, 2 now (s), 3 archived at or before this (s) is too old, 4 size of the archive,
--          5 how many to trim at most, 6 channel
-- Returns  1 archived, 2 one of our workers is asked, 3 an asynq server is asked, 0 there is no
--          such task, -2 it will not run anyway, -3 it is not where its state says
-- @include control
-- @include owned
-- @include trim
local P, id = KEYS[1], ARGV[1]
local task = P .. 't:' .. id
check(P, 'pending', 'scheduled', 'retry', 'archived', 'lease', 'groups', 'tq:due')
local stored = redis.call('HMGET', task, 'state', 'group', 'tq:owner')
local state = stored[1]
if not state then
	return MISSING
elseif state == 'active' then
	local lease = redis.call('ZSCORE', P .. 'lease', id)
	if stored[3] and owned(task, stored[3], lease) then
		redis.call('HSET', task, 'tq:cancel', lease)
		redis.call('PUBLISH', ARGV[6], task)
		return 2
	end
	redis.call('PUBLISH', ARGV[6], id)
	return 3
elseif state == 'archived' or state == 'completed' then
	return ALREADY
elseif not take_out(P, id, state, stored[2] or '') then
	return ELSEWHERE
end
redis.call('ZADD', P .. 'archived', ARGV[2], id)
redis.call('HSET', task, 'state', 'archived')
forget(task)
trim(P, ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), { [id] = true })
return 1
