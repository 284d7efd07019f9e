-- Puts an aggregation set back into its group, and may put the group off, longer after every
-- failure in a row. What is known of failures is forgotten a day after the queue's last one.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 set (g:<group>:<id>), 2 deadline (s), 3 now (s), 4 first wait (s, 0 = it was no
--          failure), 5 longest wait (s)
-- Returns  until when the group is put off (s, 0 = it is not, -1 = the set was put back before)
-- @include check
-- @include set
local P, set, now, first = KEYS[1], ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local group = string.match(set, '^g:(.*):[^:]*$')
check(P, 'groups', set, 'g:' .. group)
if not still_taken(P, set, ARGV[2]) then
	return -1
end
while regroup(P, set, 1000) > 0 do
	-- There is more
end
if first == 0 then
	return 0
end
local entry = redis.pcall('HGET', P .. 'tq:backoff', group)
local failures = type(entry) == 'string' and tonumber(string.match(entry, '|(%d+)$')) or 0
local to = now + math.min(first * 2 ^ math.min(failures, 30), tonumber(ARGV[5]))
redis.pcall('HSET', P .. 'tq:backoff', group, string.format('%.0f|%d', to, failures + 1))
redis.call('EXPIRE', P .. 'tq:backoff', 86400)
return to
