-- Finds tasks whose leases have expired.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 expired at or before (s), 2 how many at most
-- Returns  for every task: id, message, lease (s), whether one of our workers holds it (0, 1),
--          crashes ('' = 0)
-- @include held
local P = KEYS[1]
local answers = {}
local leases = redis.call('ZRANGEBYSCORE', P .. 'lease', '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for i = 1, #leases, 2 do
	append_held(answers, P, leases[i], leases[i + 1])
end
return answers
