-- Removes a task that nobody runs, wherever it is, with the lock that it owns.
-- @include unlock
local function remove(prefix, id, state)
	local task = prefix .. 't:' .. id
	if state == 'pending' then
		redis.call('LREM', prefix .. 'pending', 1, id)
	elseif state == 'aggregating' then
		local group = redis.call('HGET', task, 'group') or ''
		if redis.call('ZREM', prefix .. 'g:' .. group, id) == 0 then
			-- An aggregator has it in a set, of which there are few. One that finds it gone
			-- does not hand over what it has made of it
			for _, set in ipairs(redis.pcall('ZRANGE', prefix .. 'aggregation_sets', 0, -1)) do
				redis.pcall('ZREM', set, id)
			end
		end
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
