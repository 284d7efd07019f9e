-- Aggregation sets: tasks that an aggregator has taken out of a group. A set is the sorted
-- set g:<group>:<id of the set>, and a member of aggregation_sets by its deadline.
local SET_CHUNK = 500

-- Whether the set is still the one that was taken: nobody has put it back.
local function still_taken(prefix, set, deadline)
	return redis.call('ZSCORE', prefix .. 'aggregation_sets', prefix .. set) == deadline
end

-- Adds members, a flat list of id and score, asynq's scripts fail beyond a few thousand.
local function add_members(key, members)
	for i = 1, #members, 2 * SET_CHUNK do
		local scored = {}
		for k = i, math.min(i + 2 * SET_CHUNK, #members + 1) - 1, 2 do
			scored[#scored + 1] = members[k + 1]
			scored[#scored + 1] = members[k]
		end
		redis.call('ZADD', key, unpack(scored))
	end
end

-- Puts tasks of a set back into their group, with the scores they had, at most so many. The
-- group's name is noted again, which asynq forgets; ids without a waiting task are dropped.
-- Returns how many are left.
local function regroup(prefix, set, limit)
	local group = string.match(set, '^g:(.*):[^:]*$')
	local key, sets = prefix .. set, prefix .. 'aggregation_sets'
	local members = redis.call('ZRANGE', key, 0, limit - 1, 'WITHSCORES')
	local waiting = {}
	for i = 1, #members, 2 do
		if redis.pcall('HGET', prefix .. 't:' .. members[i], 'state') == 'aggregating' then
			waiting[#waiting + 1] = members[i]
			waiting[#waiting + 1] = members[i + 1]
		end
	end
	redis.call('ZREMRANGEBYRANK', key, 0, limit - 1)
	if #waiting > 0 then
		add_members(prefix .. 'g:' .. group, waiting)
		redis.call('SADD', prefix .. 'groups', group)
	end
	local left = redis.call('ZCARD', key)
	if left == 0 then
		redis.call('ZREM', sets, key)
	end
	return left
end
