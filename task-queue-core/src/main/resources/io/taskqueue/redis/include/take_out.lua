-- Takes a task out of where its state says that it waits. Returns whether it was there.
local function take_out(prefix, id, state, group)
	if state == 'pending' then
		return redis.call('LREM', prefix .. 'pending', -1, id) > 0
	elseif state == 'aggregating' then
		local members = prefix .. 'g:' .. group
		local there = redis.call('ZREM', members, id) > 0
		if there and redis.call('EXISTS', members) == 0 then
			redis.call('SREM', prefix .. 'groups', group)
		end
		return there
	end
	redis.call('ZREM', prefix .. 'tq:due', id)
	return redis.call('ZREM', prefix .. state, id) > 0
end
