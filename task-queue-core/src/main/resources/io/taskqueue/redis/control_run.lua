-- Puts tasks that wait, are archived or are retained at the end of the queue.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 state ('' = the tasks named), 2 group, 3 how many of all at most, 4… ids
-- Returns  see include/control.lua
-- @include control
local P = KEYS[1]
return control(P, 4, 'pending', function(id, task)
	redis.call('LPUSH', P .. 'pending', id)
	redis.call('HSET', task, 'state', 'pending')
	forget(task)
end)
