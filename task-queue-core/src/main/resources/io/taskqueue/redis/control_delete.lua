-- Deletes tasks that nobody runs, with the locks that they own.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 state ('' = the tasks named), 2 group, 3 how many of all at most, 4… ids
-- Returns  see include/control.lua
-- @include control
-- @include unlock
return control(KEYS[1], 4, '', function(id, task)
	unlock(redis.call('HGET', task, 'unique_key'), id)
	redis.call('DEL', task)
end)
