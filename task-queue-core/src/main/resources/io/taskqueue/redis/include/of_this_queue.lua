-- Whether a task is of the queue as it is now, and not of one that is being deleted: its hash
-- goes later than the lists that knew it. Clocks of those who enqueue may differ by a minute.
local CLOCKS_NS = 60e9

local function is_of_this_queue(prefix, id, deleted_ns)
	local task = redis.call('HMGET', prefix .. 't:' .. id, 'state', 'group', 'pending_since')
	local state = task[1]
	if not state then
		return false
	elseif state == 'pending' then
		local long_before = task[3] and tonumber(task[3]) < deleted_ns - CLOCKS_NS
		return not long_before and redis.call('LPOS', prefix .. 'pending', id) ~= false
	elseif state == 'active' then
		return redis.call('ZSCORE', prefix .. 'lease', id) ~= false
	elseif state == 'aggregating' then
		return redis.call('ZSCORE', prefix .. 'g:' .. (task[2] or ''), id) ~= false
	end
	return redis.call('ZSCORE', prefix .. state, id) ~= false
end
