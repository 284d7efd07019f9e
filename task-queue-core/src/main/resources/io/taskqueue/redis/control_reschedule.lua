-- Gives a task that waits another time. A task that failed stays among those to be retried,
-- others are scheduled.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 id, 2 due (s), 3 due (ms)
-- Returns  1 done, 0 there is no such task, -1 it is active, -2 it does not wait for its time
--          or a worker, -3 it is not where its state says
-- @include control
-- @include wake
local P, id = KEYS[1], ARGV[1]
local task = P .. 't:' .. id
check(P, 'pending', 'scheduled', 'retry', 'tq:due')
local state = redis.call('HGET', task, 'state')
if not state then
	return MISSING
elseif state == 'active' then
	return ACTIVE
elseif state ~= 'pending' and state ~= 'scheduled' and state ~= 'retry' then
	return ALREADY
end
local first_before = first_due(P)
if not take_out(P, id, state, '') then
	return ELSEWHERE
end
local set = (state == 'retry') and 'retry' or 'scheduled'
redis.call('ZADD', P .. set, ARGV[2], id)
redis.call('ZADD', P .. 'tq:due', ARGV[3], id)
redis.call('HSET', task, 'state', set)
redis.call('HDEL', task, 'pending_since')
forget(task)
wake(P, first_before)
return DONE
