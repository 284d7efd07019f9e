-- Shows scheduler entries to asynq's tools.
--
-- KEYS     1 the scheduler's list
-- ARGV     1 how long it lasts (s), then the records
-- Returns  1
redis.call('DEL', KEYS[1])
for i = 2, #ARGV do
	redis.call('LPUSH', KEYS[1], ARGV[i])
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
