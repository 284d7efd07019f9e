-- Archives tasks that wait or are retained, and trims the archive.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 state ('' = the tasks named), 2 group, 3 how many of all at most, 4 now (s),
--          5 archived at or before this (s) is too old, 6 size of the archive, 7 how many to
--          trim at most, 8… ids
-- Returns  see include/control.lua
-- @include control
-- @include trim
local P = KEYS[1]
local fresh = {}
local answers = control(P, 8, 'archived', function(id, task)
	redis.call('ZADD', P .. 'archived', ARGV[4], id)
	redis.call('HSET', task, 'state', 'archived')
	forget(task)
	fresh[id] = true
end)
trim(P, ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), fresh)
return answers
