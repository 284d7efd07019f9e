-- For how long the queue's Redis has been running; of a cluster, the queue's node.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     none
-- Returns  whole seconds

return tonumber(string.match(redis.call('INFO', 'server'), 'uptime_in_seconds:(%d+)') or '0')
