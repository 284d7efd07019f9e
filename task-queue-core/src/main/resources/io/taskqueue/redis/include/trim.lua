-- Deletes the oldest archived tasks beyond the archive's age and size, asynq's way: a full
-- archive is cut to one below its size. At most a chunk a call, so that no call takes long,
-- and never a task that was archived just now.
local function trim(prefix, cutoff, size, chunk, fresh)
	local archived = prefix .. 'archived'
	local old = redis.call('ZRANGE', archived, '-inf', cutoff, 'BYSCORE', 'LIMIT', 0, chunk)
	local surplus = redis.call('ZCARD', archived) - size + 1
	if surplus > #old then
		old = redis.call('ZRANGE', archived, 0, math.min(surplus, chunk) - 1)
	end
	local removed = 0
	for _, id in ipairs(old) do
		if not fresh[id] then
			redis.call('ZREM', archived, id)
			redis.call('DEL', prefix .. 't:' .. id)
			removed = removed + 1
		end
	end
	return removed
end
