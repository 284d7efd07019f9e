-- Takes sets of tasks out of groups that are ready, by asynq's rules: enough tasks, or one
-- that is old enough, or no new one for a while. Looks at one page of the groups, and takes
-- at most one set of each.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 lane, 2 number, 3 now (s), 4 deadline (s), 5 cursor ('0' = begin), 6 groups a page,
--          7 where to begin in the page (0 to 1), 8 largest set, 9 how many ids of sets, the
--          ids, then for every rule, the first that fits counts: pattern, whether it is a
--          prefix (0, 1), max size (0 = none), max delay (s, 0 = none), grace (s)
-- Returns  next cursor ('0' = at the end), then for every set: group, id of the set, deadline (s)
-- @include repeat
-- @include check
-- @include set
local P = KEYS[1]
local reply, number = P .. 'tq:reply:' .. ARGV[1] .. ':take_sets', tonumber(ARGV[2])
local now, largest, ids = tonumber(ARGV[3]), tonumber(ARGV[8]), tonumber(ARGV[9])
local FIRST_ID, FIRST_RULE, STRIDE = 10, 10 + ids, 5

local before = answered(reply, number)
if before then
	return before
end
check(P, 'groups', 'aggregation_sets')

local rules = {}
for i = FIRST_RULE, #ARGV, STRIDE do
	rules[#rules + 1] = {
		pattern = ARGV[i], prefix = ARGV[i + 1] == '1',
		max_size = tonumber(ARGV[i + 2]), max_delay = tonumber(ARGV[i + 3]), grace = tonumber(ARGV[i + 4])
	}
end

local function rule_of(group)
	for _, rule in ipairs(rules) do
		if group == rule.pattern or (rule.prefix and string.sub(group, 1, #rule.pattern) == rule.pattern) then
			return rule
		end
	end
end

local function put_off(group)
	local entry = redis.pcall('HGET', P .. 'tq:backoff', group)
	local to = type(entry) == 'string' and tonumber(string.match(entry, '^(%d+)|'))
	return to and now < to
end

-- Returns how many tasks are to be taken, if the group is ready
local function ready(group)
	local rule, key = rule_of(group), P .. 'g:' .. group
	local size = rule and redis.pcall('ZCARD', key)
	if type(size) ~= 'number' or size == 0 or put_off(group) then
		return nil
	end
	local function score(rank)
		return tonumber(redis.call('ZRANGE', key, rank, rank, 'WITHSCORES')[2])
	end
	if (rule.max_size > 0 and size >= rule.max_size)
			or (rule.max_delay > 0 and score(0) <= now - rule.max_delay)
			or score(-1) <= now - rule.grace then
		return math.min(size, largest, rule.max_size > 0 and rule.max_size or largest)
	end
end

local page = redis.call('SSCAN', P .. 'groups', ARGV[5], 'COUNT', ARGV[6])
local answers, groups, seen = { page[1] }, page[2], {}
local first = math.floor(#groups * tonumber(ARGV[7]))
local taken = {}
for k = 1, #groups do
	local group = groups[(first + k - 1) % #groups + 1]
	local count = #taken < ids and not seen[group] and ready(group)
	if count then
		taken[#taken + 1] = { group = group, count = count }
	end
	seen[group] = true
end
for k, take in ipairs(taken) do
	local group, id = P .. 'g:' .. take.group, ARGV[FIRST_ID + k - 1]
	local set = group .. ':' .. id
	local members = redis.call('ZRANGE', group, 0, take.count - 1, 'WITHSCORES')
	redis.call('ZREMRANGEBYRANK', group, 0, take.count - 1)
	add_members(set, members)
	redis.call('ZADD', P .. 'aggregation_sets', ARGV[4], set)
	if redis.call('EXISTS', group) == 0 then
		redis.call('SREM', P .. 'groups', take.group)
	end
	answers[#answers + 1] = take.group
	answers[#answers + 1] = id
	answers[#answers + 1] = ARGV[4]
end
return answer(reply, number, answers)
