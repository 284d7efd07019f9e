-- Archives tasks of an aggregation set that cannot be merged, as an operator would: they do
-- not count as failures.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 set (g:<group>:<id>), 2 deadline (s), 3 now (s), 4 archived at or before this (s)
--          is too old, 5 size of the archive, 6 how many to trim at most, then for every task:
--          id, message
-- Returns  how many were archived; 0 when the set is no longer the one that was taken
-- @include check
-- @include set
-- @include trim
local P, set = KEYS[1], KEYS[1] .. ARGV[1]
local FIRST, STRIDE = 7, 2
check(P, 'archived')
if not still_taken(P, ARGV[1], ARGV[2]) then
	return 0
end
local fresh, rejected = {}, 0
for i = FIRST, #ARGV, STRIDE do
	local id, message = ARGV[i], ARGV[i + 1]
	if redis.call('ZREM', set, id) == 1 then
		redis.call('ZADD', P .. 'archived', ARGV[3], id)
		redis.call('HSET', P .. 't:' .. id, 'msg', message, 'state', 'archived')
		fresh[id] = true
		rejected = rejected + 1
	end
end
trim(P, ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), fresh)
return rejected
