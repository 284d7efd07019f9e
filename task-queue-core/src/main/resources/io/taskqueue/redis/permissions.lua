-- Finds out what the user may not do: every command of our scripts and every channel is
-- tried, in a form that changes nothing or that is undone at once.
--
-- KEYS     1 a key that nobody uses
-- ARGV     the channels to publish to
-- Returns  what is missing, as ACL rules: +command, ~ (the key), &channel
local K = KEYS[1]
local missing, seen = {}, {}

-- Redis 6 and 7 say differently that the user of a script may not
local function refusal(reply)
	local text = type(reply) == 'table' and reply.err
	if text and (string.find(text, 'NOPERM', 1, true) or string.find(text, 'ACL failure', 1, true)
			or string.find(text, "user executing the script can't", 1, true)) then
		return text
	end
end

local function try(command, ...)
	local text = refusal(redis.pcall(command, ...))
	if not text then
		return true
	end
	local rule = '+' .. string.lower(command)
	if string.find(text, 'channel', 1, true) then
		rule = '&' .. ({ ... })[1]
	elseif string.find(text, 'access', 1, true) then
		rule = '~'
	end
	if not seen[rule] then
		seen[rule] = true
		missing[#missing + 1] = rule
	end
end

-- Of a key that is not there
try('EXISTS', K)
try('EXPIRE', K, 1)
try('EXPIREAT', K, 1)
try('GET', K)
try('HDEL', K, 'f')
try('HEXISTS', K, 'f')
try('HGET', K, 'f')
try('HGETALL', K)
try('HKEYS', K)
try('HLEN', K)
try('HMGET', K, 'f')
try('INFO', 'server')
try('LINDEX', K, 0)
try('LLEN', K)
try('LPOP', K)
try('LPOS', K, 'm')
try('LRANGE', K, 0, 0)
try('LREM', K, 1, 'm')
try('LTRIM', K, 0, 0)
try('MEMORY', 'USAGE', K)
try('PTTL', K)
try('RENAME', K, K)
try('RPOP', K)
try('SCAN', 0, 'COUNT', 1)
try('SCARD', K)
try('SISMEMBER', K, 'm')
try('SMEMBERS', K)
try('SRANDMEMBER', K)
try('SREM', K, 'm')
try('SSCAN', K, 0)
try('TIME')
try('TYPE', K)
try('UNLINK', K)
try('ZCARD', K)
try('ZCOUNT', K, 0, 0)
try('ZMSCORE', K, 'm')
try('ZPOPMIN', K)
try('ZRANK', K, 'm')
try('ZRANGE', K, 0, 0)
try('ZRANGEBYSCORE', K, 0, 0)
try('ZREM', K, 'm')
try('ZREMRANGEBYRANK', K, 0, 0)
try('ZREMRANGEBYSCORE', K, 0, 0)
try('ZREVRANGE', K, 0, 0)
try('ZSCORE', K, 'm')

-- With an argument that Redis refuses after it has looked at the permissions
try('HSET', K, 'f', 'v', 'no value')
try('INCRBY', K, 'no number')
try('SET', K, 'v', 'no option')
try('SETEX', K, 'no number', 'v')
try('ZADD', K, 'no number', 'm')

-- What adds can only be undone by who may delete
if try('DEL', K) then
	for _, command in ipairs({ 'LPUSH', 'RPUSH', 'SADD', 'SETNX' }) do
		try(command, K, 'm')
		redis.call('DEL', K)
	end
end

for _, channel in ipairs(ARGV) do
	try('PUBLISH', channel, '')
end
return missing
