-- Notes an occurrence in the history that asynq's tools show.
--
-- KEYS     1 the entry's history
-- ARGV     1 when (s), 2 record, 3 how many to keep
-- Returns  1
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -tonumber(ARGV[3]) - 1)
return 1
