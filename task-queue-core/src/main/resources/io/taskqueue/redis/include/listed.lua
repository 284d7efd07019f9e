-- Whether a task is in one of the queue's lists and sets. Searches no more than a part of a
-- list: what waits longer than the first pending task is near it if it is there at all, and
-- repair looks through all of active.
local PART = 1000

local function is_active(prefix, id)
	local active = prefix .. 'active'
	return redis.call('LLEN', active) > PART or redis.call('LPOS', active, id)
end

local function is_pending(prefix, id, since)
	local pending = prefix .. 'pending'
	local first = redis.call('LINDEX', pending, -1)
	local first_since = first and tonumber(redis.call('HGET', prefix .. 't:' .. first, 'pending_since') or nil)
	if since and first_since and tonumber(since) >= first_since then
		return true
	end
	return redis.call('LPOS', pending, id, 'RANK', -1, 'MAXLEN', PART)
end

local function is_aggregating(prefix, id, group)
	if not group then
		return false
	end
	if redis.call('ZSCORE', prefix .. 'g:' .. group, id) then
		return true
	end
	local sets = redis.call('ZRANGE', prefix .. 'aggregation_sets', 0, 99)
	for _, set in ipairs(sets) do
		if redis.call('ZSCORE', set, id) then
			return true
		end
	end
	return #sets == 100
end

local function listed(prefix, id)
	if redis.call('EXISTS', prefix .. 'tq:deleted') == 1 then
		-- The queue is being deleted: its tasks are in lists that were put away
		return true
	end
	for _, name in ipairs({ 'lease', 'scheduled', 'retry', 'archived', 'completed' }) do
		if redis.call('ZSCORE', prefix .. name, id) then
			return true
		end
	end
	local task = redis.call('HMGET', prefix .. 't:' .. id, 'group', 'pending_since')
	return is_aggregating(prefix, id, task[1]) or is_active(prefix, id) or is_pending(prefix, id, task[2])
end
