-- Forgets a cron task that was deleted. Leaders that may not know of it yet are refused
-- from now on.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 namespace, 2 epoch of the leader, 3 uuid
-- Returns  1 = done, 0 = there is a newer leader
-- @include cron
local entries = cron_key(KEYS[1], ARGV[1])
if tonumber(redis.call('HGET', entries, '*') or '0') > tonumber(ARGV[2]) then
	return 0
end
redis.call('HSET', entries, '*', ARGV[2])
redis.call('HDEL', entries, ARGV[3])
return 1
