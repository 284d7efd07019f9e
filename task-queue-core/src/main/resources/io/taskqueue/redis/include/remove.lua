-- Removes a task that nobody runs, wherever it is, with the lock that it owns.
-- @include unlock
local function remove(prefix, id, state)
	local task = prefix .. 't:' .. id
	if state == 'pending' then
		redis.call('LREM', prefix .. 'pending', 1, id)
	elseif state == 'aggregating' then
		local group = redis.call('HGET', task, 'group') or ''
		redis.call('ZREM', prefix .. 'g:' .. group, id)
		if redis.call('EXISTS', prefix .. 'g:' .. group) == 0 then
			redis.call('SREM', prefix .. 'groups', group)
		end
	elseif state == 'scheduled' or state == 'retry' or state == 'archived' or state == 'completed' then
		redis.call('ZREM', prefix .. state, id)
		redis.call('ZREM', prefix .. 'tq:due', id)
	end
	unlock(redis.call('HGET', task, 'unique_key'), id)
	redis.call('DEL', task)
end
