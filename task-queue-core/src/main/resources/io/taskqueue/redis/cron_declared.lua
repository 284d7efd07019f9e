-- Notes that definitions of cron tasks are declared by a live process.
--
-- KEYS     1 sorted set of uuids by the time (s)
-- ARGV     1 now (s), then uuids
-- Returns  the uuids that were not there
local new = {}
for i = 2, #ARGV do
	local before = redis.call('ZSCORE', KEYS[1], ARGV[i])
	if not before then
		new[#new + 1] = ARGV[i]
	end
	-- A clock that is behind must not undo what another one has noted
	if not before or tonumber(before) < tonumber(ARGV[1]) then
		redis.call('ZADD', KEYS[1], ARGV[1], ARGV[i])
	end
end
return new
