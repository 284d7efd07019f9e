-- Reads tasks of an aggregation set, the first to join first.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 set (g:<group>:<id>), 2 deadline (s), 3 how many to skip, 4 how many at most
-- Returns  for every task: id, message ('' = there is no such task); nothing at the end or
--          when the set is no longer the one that was taken
-- @include set
local P, skip = KEYS[1], tonumber(ARGV[3])
local answers = {}
if not still_taken(P, ARGV[1], ARGV[2]) then
	return answers
end
for _, id in ipairs(redis.call('ZRANGE', P .. ARGV[1], skip, skip + tonumber(ARGV[4]) - 1)) do
	answers[#answers + 1] = id
	answers[#answers + 1] = redis.call('HGET', P .. 't:' .. id, 'msg') or ''
end
return answers
