-- Gives up leading.
--
-- KEYS     1 the leader's lock ("epoch token")
-- ARGV     1 token, 2 channel to tell
-- Returns  1 = it led, 0 = another one or nobody did
if string.match(redis.call('GET', KEYS[1]) or '', '^%d+ (.*)$') ~= ARGV[1] then
	return 0
end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], '')
return 1
