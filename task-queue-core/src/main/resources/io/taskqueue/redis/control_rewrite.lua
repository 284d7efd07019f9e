-- Replaces the record of a task that waits, if it is still the one that was read, and moves
-- its lock where the lock is made of what has changed.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 id, 2 record that was read, 3 new record, 4 lock, 5 new lock ('' = the same)
-- Returns  1 done, 0 there is no such task, -1 it is active, -2 it does not wait for its time
--          or a worker, -4 the record has changed, -5 another task has the new lock
-- @include unlock
local P, id = KEYS[1], ARGV[1]
local task = P .. 't:' .. id
local stored = redis.call('HMGET', task, 'state', 'msg', 'unique_key')
local state = stored[1]
if not state then
	return 0
elseif state == 'active' then
	return -1
elseif state ~= 'pending' and state ~= 'scheduled' and state ~= 'retry' then
	return -2
elseif stored[2] ~= ARGV[2] then
	return -4
end
local lock, new_lock = ARGV[4], ARGV[5]
if new_lock ~= '' and new_lock ~= lock then
	local holder = holder_of(new_lock)
	if holder and holder ~= id then
		return -5
	end
	if holder_of(lock) == id then
		-- The new lock lasts as long as the old one would have
		redis.call('RENAME', lock, new_lock)
	end
	if stored[3] then
		redis.call('HSET', task, 'unique_key', new_lock)
	end
end
redis.call('HSET', task, 'msg', ARGV[3])
return 1
