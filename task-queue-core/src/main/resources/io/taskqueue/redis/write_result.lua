-- Stores a task's result.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 owner, 2 id, 3 result
-- Returns  1 stored, 0 not the owner's any more
-- @include owned
local P = KEYS[1]
local task = P .. 't:' .. ARGV[2]
if not owned(task, ARGV[1], redis.call('ZSCORE', P .. 'lease', ARGV[2])) then
	return 0
end
redis.call('HSET', task, 'result', ARGV[3])
return 1
