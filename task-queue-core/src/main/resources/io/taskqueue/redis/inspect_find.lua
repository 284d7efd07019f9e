-- Looks for a task in queues.
--
-- KEYS     1… the queues' prefixes, asynq:{queue}:
-- ARGV     1 id, 2 now (ms)
-- Returns  for every queue: what inspect returns, or nothing
-- @include inspect
local answers = {}
for k, prefix in ipairs(KEYS) do
	local there = redis.call('EXISTS', prefix .. 't:' .. ARGV[1]) == 1
	answers[k] = there and inspect(prefix, ARGV[1], tonumber(ARGV[2])) or {}
end
return answers
