-- Reads the definitions of cron tasks that changed, or all of them if it is not known any
-- more which did.
--
-- KEYS     1 hash of definitions, 2 sorted set of the last changes
-- ARGV     1 number of the last change that is known (0 = none), 2 how many are kept
-- Returns  number of the last change, whether these are all (1, 0), then for every
--          definition: uuid, "revision record" ('' = deleted)
local known = tonumber(ARGV[1])
local last = tonumber(redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2] or '0')
local first = tonumber(redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2] or '0')
local forgotten = redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[2]) and known < first - 1
local all = known == 0 or last < known or forgotten
local answers = { string.format('%.0f', last), all and 1 or 0 }
if all then
	for _, part in ipairs(redis.call('HGETALL', KEYS[1])) do
		answers[#answers + 1] = part
	end
else
	for _, uuid in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[1], '+inf')) do
		answers[#answers + 1] = uuid
		answers[#answers + 1] = redis.call('HGET', KEYS[1], uuid) or ''
	end
end
return answers
