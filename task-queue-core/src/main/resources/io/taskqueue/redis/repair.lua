-- Repairs what crashes of asynq servers or operators can leave in active and lease.
--
-- An active id without a lease gets one that has just expired, so that it is recovered like
-- any other; ids without a task, and ids of tasks that are elsewhere, are dropped. Requests
-- that wait for a running task which a Go server settled take its place.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 now (s), 2 how many ids to look at, 3 which part of a longer list (0 to 1),
--          4 now (ns)
-- Returns  how many were repaired
-- @include check
-- @include remove
-- @include follow
local P = KEYS[1]
local active, lease = P .. 'active', P .. 'lease'
local length, window = redis.call('LLEN', active), tonumber(ARGV[2])
check(P, 'lease', 'pending', 'scheduled', 'retry', 'archived', 'completed', 'tq:due', 'tq:next')

local tasks = {}
local function look_at(ids)
	for _, id in ipairs(ids) do
		tasks[id] = redis.call('HMGET', P .. 't:' .. id, 'msg', 'state')
	end
	return ids
end
local expired = look_at(redis.call('ZRANGEBYSCORE', lease, '-inf', ARGV[1], 'LIMIT', 0, window))
local listed = {}
if #expired > 0 or length ~= redis.call('ZCARD', lease) then
	local first = window * math.floor(math.ceil(length / window) * tonumber(ARGV[3]))
	listed = look_at(redis.call('LRANGE', active, first, first + window - 1))
end
local waiting = look_at(redis.call('HKEYS', P .. 'tq:next'))

local repaired, gone = 0, {}
local function drop_if_gone(id)
	local task = tasks[id]
	if gone[id] or (task[1] and task[2] == 'active') then
		return gone[id]
	end
	redis.call('LREM', active, 0, id)
	redis.call('ZREM', lease, id)
	if not task[1] then
		redis.call('DEL', P .. 't:' .. id)
	end
	gone[id] = true
	repaired = repaired + 1
	return true
end

for _, id in ipairs(expired) do
	drop_if_gone(id)
end
local seen = {}
for _, id in ipairs(listed) do
	if gone[id] then
		-- All its places are gone
	elseif seen[id] then
		redis.call('LREM', active, 1, id)
		repaired = repaired + 1
	elseif not redis.call('ZSCORE', lease, id) and not drop_if_gone(id) then
		redis.call('ZADD', lease, 'NX', ARGV[1], id)
		repaired = repaired + 1
	end
	seen[id] = true
end
for _, id in ipairs(waiting) do
	local task = tasks[id]
	local state = not (gone[id] and not task[1]) and task[2] or ''
	if state ~= 'active' then
		remove(P, id, state)
		follow(P, id, ARGV[4])
		repaired = repaired + 1
	end
end
return repaired
