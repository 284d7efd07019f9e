-- Finds active tasks that an owner holds.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 owner, 2 how many at most
-- Returns  for every task: id, message, lease (s), 1, crashes ('' = 0)
-- @include owned
-- @include held
local P = KEYS[1]
local answers = {}
for _, id in ipairs(redis.call('LRANGE', P .. 'active', 0, -1)) do
	local lease = redis.call('ZSCORE', P .. 'lease', id)
	if owned(P .. 't:' .. id, ARGV[1], lease) then
		append_held(answers, P, id, lease)
		if #answers >= 5 * tonumber(ARGV[2]) then
			break
		end
	end
end
return answers
