-- A task is the owner's exactly while its token is in the hash and the lease is the one that
-- this owner set. Go servers know neither field: once they recover and take the task, the
-- lease differs.
local function owned(task, owner, lease)
	local held = redis.call('HMGET', task, 'tq:owner', 'tq:lease')
	return held[1] == owner and held[2] and held[2] == lease
end
