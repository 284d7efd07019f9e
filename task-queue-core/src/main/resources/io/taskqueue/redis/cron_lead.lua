-- Makes a candidate the leader if there is none, or lets the leader go on.
--
-- KEYS     1 the leader's lock ("epoch token"), 2 counter of epochs
-- ARGV     1 token, 2 lease (ms), 3 number that a new epoch exceeds
-- Returns  the candidate's epoch (0 = another one leads), how long the lease lasts (ms)
local lock = redis.call('GET', KEYS[1])
local epoch, token = string.match(lock or '', '^(%d+) (.*)$')
if epoch and token ~= ARGV[1] then
	return { 0, redis.call('PTTL', KEYS[1]) }
end
if not epoch then
	epoch = string.format('%.0f', math.max(tonumber(redis.call('GET', KEYS[2]) or '0'), tonumber(ARGV[3])) + 1)
	redis.call('SET', KEYS[2], epoch)
end
redis.call('SET', KEYS[1], epoch .. ' ' .. ARGV[1], 'PX', ARGV[2])
return { tonumber(epoch), tonumber(ARGV[2]) }
