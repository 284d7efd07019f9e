-- Writes or deletes the definition of a cron task, if nobody changed it meanwhile.
--
-- KEYS     1 hash of definitions (by uuid "revision record"), 2 sorted set of the last
--          changes (uuid by their number), 3 counter of revisions
-- ARGV     1 uuid, 2 revision that is replaced (0 = none), 3 number that the new revision
--          exceeds, 4 record ('' = delete), 5 how many changes to keep, 6 channel to tell
-- Returns  1 = written, 0 = another revision is there
local tasks, changes, counter = KEYS[1], KEYS[2], KEYS[3]
local current = redis.call('HGET', tasks, ARGV[1])
local before = current and string.match(current, '^%d+') or '0'
if before ~= ARGV[2] then
	return 0
end
-- Above what is replaced too: the counter alone may have been lost
local last = math.max(tonumber(redis.call('GET', counter) or '0'), tonumber(ARGV[3]), tonumber(before))
local revision = string.format('%.0f', last + 1)
redis.call('SET', counter, revision)
if ARGV[4] == '' then
	redis.call('HDEL', tasks, ARGV[1])
else
	redis.call('HSET', tasks, ARGV[1], revision .. ' ' .. ARGV[4])
end
redis.call('ZADD', changes, revision, ARGV[1])
redis.call('ZREMRANGEBYRANK', changes, 0, -tonumber(ARGV[5]) - 1)
redis.call('PUBLISH', ARGV[6], ARGV[1])
return 1
