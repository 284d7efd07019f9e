-- Estimates how many bytes a queue takes, asynq's way: of each list, sorted set and group the
-- key, and the average of its first tasks for all of them. Of groups, the average of a few.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 how many tasks of each to weigh, 2 how many groups
-- Returns  bytes
-- @include ask
local P, last = KEYS[1], tonumber(ARGV[1]) - 1

local function weight(key, count, range)
	local total = ask(count, key)
	if not total or total == 0 then
		return 0
	end
	local sum, weighed = 0, 0
	for _, id in ipairs(redis.call(range, key, 0, last)) do
		local bytes = redis.call('MEMORY', 'USAGE', P .. 't:' .. id)
		if bytes then
			sum, weighed = sum + bytes, weighed + 1
		end
	end
	return redis.call('MEMORY', 'USAGE', key) + (weighed > 0 and sum / weighed * total or 0)
end

local bytes = weight(P .. 'pending', 'LLEN', 'LRANGE') + weight(P .. 'active', 'LLEN', 'LRANGE')
for _, name in ipairs({ 'scheduled', 'retry', 'archived', 'completed' }) do
	bytes = bytes + weight(P .. name, 'ZCARD', 'ZRANGE')
end
local groups = ask('SCARD', P .. 'groups') or 0
if groups > 0 then
	local sum, sample = 0, redis.call('SRANDMEMBER', P .. 'groups', ARGV[2])
	for _, group in ipairs(sample) do
		sum = sum + weight(P .. 'g:' .. group, 'ZCARD', 'ZRANGE')
	end
	bytes = bytes + redis.call('MEMORY', 'USAGE', P .. 'groups') + sum / #sample * groups
end
return string.format('%.0f', bytes)
