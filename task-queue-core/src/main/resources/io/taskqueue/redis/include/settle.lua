-- The beginning of every settlement: which tasks of the batch are still the owner's, and
-- whether requests wait for running tasks. Only reads, so that an error leaves everything as
-- it was.
-- @include repeat
-- @include check
-- @include owned
-- @include follow
-- @include forget
-- @include wake

local function still_owned(prefix, owner, first, stride)
	check(prefix, 'active', 'lease')
	local followers = redis.call('EXISTS', prefix .. 'tq:next') == 1
	if followers then
		-- They may go to pending or to scheduled
		check(prefix, 'tq:next', 'pending', 'scheduled', 'tq:due')
	end
	local all, answers, ids = {}, {}, {}
	for i = first, #ARGV, stride do
		all[#all + 1] = ARGV[i]
	end
	local leases = redis.call('ZMSCORE', prefix .. 'lease', unpack(all))
	for k, id in ipairs(all) do
		local ours = owned(prefix .. 't:' .. id, owner, leases[k])
		answers[k] = ours and 1 or 0
		if ours then
			ids[#ids + 1] = id
		end
	end
	return answers, ids, followers
end

-- Takes settled tasks out of active and lease. Also the first write of a script: Redis
-- allows it when out of memory, and then all that follow.
local function take_back(prefix, ids)
	for _, id in ipairs(ids) do
		redis.call('LREM', prefix .. 'active', -1, id)
	end
	redis.call('ZREM', prefix .. 'lease', unpack(ids))
end
