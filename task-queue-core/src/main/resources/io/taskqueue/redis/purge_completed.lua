-- Deletes completed tasks whose retention has passed.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 now (s), 2 how many at most
-- Returns  how many
local P = KEYS[1]
local ids = redis.call('ZRANGEBYSCORE', P .. 'completed', '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, id in ipairs(ids) do
	redis.call('ZREM', P .. 'completed', id)
	redis.call('DEL', P .. 't:' .. id)
end
return #ids
