-- Brings tasks back that are in no list or set.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 now (ns), 2 now (s), 3… ids
-- Returns  for every id that was brought back: id, 1 if it will run, 0 if it is gone
-- @include check
-- @include listed
-- @include unlock
-- @include forget
local P = KEYS[1]
check(P, 'pending', 'active', 'lease', 'scheduled', 'retry', 'archived', 'completed', 'groups', 'tq:due')
local strays = {}
for i = 3, #ARGV do
	local id = ARGV[i]
	local task = redis.call('HMGET', P .. 't:' .. id, 'msg', 'state', 'group', 'unique_key')
	if redis.call('EXISTS', P .. 't:' .. id) == 1 and not listed(P, id) then
		strays[#strays + 1] = { id = id, msg = task[1], state = task[2], group = task[3], lock = task[4] }
		if task[2] == 'aggregating' and task[3] then
			check(P, 'g:' .. task[3])
		end
	end
end

local answers = {}
for _, stray in ipairs(strays) do
	local id, key = stray.id, P .. 't:' .. stray.id
	local due = redis.call('ZSCORE', P .. 'tq:due', id)
	local runs = 1
	let_go(key)
	if not stray.msg or stray.state == 'completed' or stray.state == 'archived' then
		unlock(stray.lock, id)
		redis.call('ZREM', P .. 'tq:due', id)
		redis.call('DEL', key)
		runs = 0
	elseif stray.state == 'aggregating' and stray.group then
		redis.call('ZADD', P .. 'g:' .. stray.group, ARGV[2], id)
		redis.call('SADD', P .. 'groups', stray.group)
	elseif (stray.state == 'scheduled' or stray.state == 'retry') and due then
		redis.call('ZADD', P .. stray.state, string.format('%.0f', math.ceil(tonumber(due) / 1000)), id)
	else
		redis.call('ZREM', P .. 'tq:due', id)
		redis.call('HSET', key, 'state', 'pending', 'pending_since', ARGV[1])
		redis.call('LPUSH', P .. 'pending', id)
	end
	answers[#answers + 1] = id
	answers[#answers + 1] = runs
end
return answers
