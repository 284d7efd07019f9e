-- Writes the record of a server and those of its running tasks.
--
-- KEYS     1 the server's record, 2 the hash of its running tasks
-- ARGV     1 how long they last (s), 2 record, then for every task: id, record
redis.call('SETEX', KEYS[1], ARGV[1], ARGV[2])
redis.call('DEL', KEYS[2])
if #ARGV > 2 then
	redis.call('HSET', KEYS[2], unpack(ARGV, 3))
	redis.call('EXPIRE', KEYS[2], ARGV[1])
end
return 1
