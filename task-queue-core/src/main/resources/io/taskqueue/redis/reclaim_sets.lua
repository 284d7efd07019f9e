-- Puts tasks of aggregation sets whose deadline has passed back into their groups: whoever
-- took them, of us or asynq, has died. A big set goes in parts; what it was taken for finds
-- that it is not whole any more.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 now (s), 2 how many tasks at most
-- Returns  1 if there may be more, else 0
-- @include check
-- @include set
local P, limit = KEYS[1], tonumber(ARGV[2])
local sets = P .. 'aggregation_sets'
check(P, 'groups')
for _, key in ipairs(redis.call('ZRANGEBYSCORE', sets, '-inf', ARGV[1], 'LIMIT', 0, 100)) do
	local set = string.sub(key, #P + 1)
	local group = string.sub(key, 1, #P) == P and string.match(set, '^g:(.*):[^:]*$')
	if not group then
		redis.call('ZREM', sets, key)
	elseif type(redis.pcall('ZCARD', key)) == 'number' and type(redis.pcall('ZCARD', P .. 'g:' .. group)) == 'number' then
		-- One a call, so that no call takes long
		regroup(P, set, limit)
		return 1
	end
end
return 0
