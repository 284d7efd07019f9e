-- Finds groups whose tasks nobody would ever look at, because their name is missing in
-- groups: asynq forgets it when it forwards a task to its group and when it reclaims a set.
-- Looks at one page of all keys, so a pass over a big Redis takes its time.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 cursor ('0' = begin), 2 how many keys to look at
-- Returns  next cursor ('0' = at the end), how many groups were repaired
-- @include check
-- @include set
-- @include literal
local P = KEYS[1]
check(P, 'groups', 'aggregation_sets')
local page = redis.call('SCAN', ARGV[1], 'MATCH', literal(P .. 'g:') .. '*', 'COUNT', ARGV[2], 'TYPE', 'zset')
local repaired = 0
for _, key in ipairs(page[2]) do
	local name = string.sub(key, #P + 3)
	if redis.call('SISMEMBER', P .. 'groups', name) == 0 and not redis.call('ZSCORE', P .. 'aggregation_sets', key) then
		local first = redis.call('ZRANGE', key, 0, 0)[1]
		local group = first and redis.pcall('HGET', P .. 't:' .. first, 'group')
		if type(group) == 'string' and string.match(name, '^(.*):[^:]*$') == group and group ~= name then
			-- A set that aggregation_sets has lost; a further pass sees to what is left of it
			regroup(P, 'g:' .. name, 1000)
		else
			redis.call('SADD', P .. 'groups', name)
		end
		repaired = repaired + 1
	end
end
return { page[1], repaired }
