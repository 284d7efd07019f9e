-- Tells the time of the queue's Redis; of a cluster, of the queue's node.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     none
-- Returns  seconds, microseconds
return redis.call('TIME')
