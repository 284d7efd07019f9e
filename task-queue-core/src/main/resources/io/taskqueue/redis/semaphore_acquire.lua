-- Takes a permit for a task; asynq's x/rate counts in the same way.
--
-- KEYS     1 asynq:sema:<scope>
-- ARGV     1 up to when permits have ended (s), 2 how many there are, 3 when this one ends (s),
--          4 the task's id
-- Returns  1 the task holds a permit, 0 there is none left
--
-- Other than with asynq, a task that holds one gets it again: the call may be a repeated one.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
if not redis.call('ZSCORE', KEYS[1], ARGV[4]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
	return 0
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[4])
return 1
