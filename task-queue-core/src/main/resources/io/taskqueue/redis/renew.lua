-- Extends the leases of an owner's tasks. A lease that is gone is not recreated. A request
-- to cancel counts while the lease that it names is in place, and is extended with it.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 owner, 2 now (s), 3 lease (s), 4 whether Redis's clock counts (0, 1), 5… ids
-- Returns  for every id: 1 extended, 0 lost, 2 extended and to be cancelled
local P = KEYS[1]
local owner, lease, owners = ARGV[1], P .. 'lease', P .. 'tq:owners'
local now = tonumber(ARGV[2])
if ARGV[4] == '1' then
	now = math.max(now, tonumber(redis.call('TIME')[1]))
end
local expires = string.format('%.0f', now + tonumber(ARGV[3]))

local ids = { unpack(ARGV, 5) }
local current = (#ids > 0) and redis.call('ZMSCORE', lease, unpack(ids))
local answers, leases, cancelled = {}, {}, {}
for k, id in ipairs(ids) do
	local task = redis.call('HMGET', P .. 't:' .. id, 'tq:owner', 'tq:lease', 'tq:cancel')
	if task[1] == owner and task[2] and task[2] == current[k] then
		cancelled[id] = task[3] == task[2]
		answers[#answers + 1] = cancelled[id] and 2 or 1
		leases[#leases + 1] = expires
		leases[#leases + 1] = id
	else
		answers[#answers + 1] = 0
	end
end
-- Redis lets a script write when out of memory if its first write frees some
redis.call('ZREM', owners, owner)
redis.call('ZADD', owners, string.format('%.0f', now), owner)
if #leases > 0 then
	redis.call('ZADD', lease, unpack(leases))
	for i = 2, #leases, 2 do
		local id = leases[i]
		redis.call('HSET', P .. 't:' .. id, 'tq:lease', expires)
		if cancelled[id] then
			redis.call('HSET', P .. 't:' .. id, 'tq:cancel', expires)
		end
	end
end
return answers
