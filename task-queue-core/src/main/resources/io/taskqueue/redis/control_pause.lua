-- Pauses a queue, or resumes it.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 now (s), to pause; '' to resume
-- Returns  1 done, 0 it was so already
local paused = KEYS[1] .. 'paused'
if ARGV[1] == '' then
	return redis.call('DEL', paused)
end
return redis.call('SETNX', paused, ARGV[1])
