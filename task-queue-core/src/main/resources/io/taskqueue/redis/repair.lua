-- Repairs what crashes of asynq servers or operators can leave in active and lease.
--
-- An active id without a lease gets one that has just expired, so that it is recovered like
-- any other; ids without a task, and ids of tasks that are elsewhere, are dropped. Requests
-- that wait for a running task which a Go server settled take its place.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 now (s), 2 how many ids to look at, 3 where to begin in a longer list (0 to 1),
--          4 now (ns)
-- Returns  how many were repaired
-- @include remove
-- @include follow
local P = KEYS[1]
local active, lease = P .. 'active', P .. 'lease'
local length, window = redis.call('LLEN', active), tonumber(ARGV[2])
local repaired = 0

local function drop_if_gone(id)
	local task = redis.call('HMGET', P .. 't:' .. id, 'msg', 'state')
	if not task[1] then
		redis.call('LREM', active, 0, id)
		redis.call('ZREM', lease, id)
		redis.call('DEL', P .. 't:' .. id)
	elseif task[2] ~= 'active' then
		redis.call('LREM', active, 0, id)
		redis.call('ZREM', lease, id)
	else
		return false
	end
	repaired = repaired + 1
	return true
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', lease, '-inf', ARGV[1], 'LIMIT', 0, window)) do
	drop_if_gone(id)
end
if length ~= redis.call('ZCARD', lease) then
	local first = math.floor(math.max(0, length - window) * tonumber(ARGV[3]))
	local seen = {}
	for _, id in ipairs(redis.call('LRANGE', active, first, first + window - 1)) do
		if seen[id] then
			redis.call('LREM', active, 1, id)
			repaired = repaired + 1
		elseif not redis.call('ZSCORE', lease, id) and not drop_if_gone(id) then
			redis.call('ZADD', lease, 'NX', ARGV[1], id)
			repaired = repaired + 1
		end
		seen[id] = true
	end
end
for _, id in ipairs(redis.call('HKEYS', P .. 'tq:next')) do
	local state = redis.call('HGET', P .. 't:' .. id, 'state') or ''
	if state ~= 'active' then
		remove(P, id, state)
		follow(P, id, ARGV[4])
		repaired = repaired + 1
	end
end
return repaired
