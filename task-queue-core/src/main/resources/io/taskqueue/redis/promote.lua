-- Moves due tasks to the queue, or to their aggregation group, earliest first.
--
-- Scores are whole seconds. The exact times of our own tasks are in tq:due and count only
-- while the score in scheduled or retry is the same second; anything else there is stale.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 now (ms), 2 now (ns), 3 how many at most
-- Returns  how many were moved, next due time (ms, -1 = none), Redis's clock (s, µs)
-- @include check
-- @include note
local P = KEYS[1]
local now_ms, limit = tonumber(ARGV[1]), tonumber(ARGV[3])
local due_times, pending = P .. 'tq:due', P .. 'pending'
local now = string.format('%.0f', math.floor(now_ms / 1000))
check(P, 'pending', 'groups')

local due, seen, stale = {}, {}, {}
local function second(ms)
	return string.format('%.0f', math.ceil(ms / 1000))
end
local function add(id, set, ms)
	if not seen[id] then
		seen[id] = true
		due[#due + 1] = { id = id, set = set, ms = ms, order = #due }
	end
end

local exact = redis.call('ZRANGEBYSCORE', due_times, '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, limit)
for i = 1, #exact, 2 do
	local id, ms = exact[i], tonumber(exact[i + 1])
	if redis.call('ZSCORE', P .. 'scheduled', id) == second(ms) then
		add(id, P .. 'scheduled', ms)
	elseif redis.call('ZSCORE', P .. 'retry', id) == second(ms) then
		add(id, P .. 'retry', ms)
	else
		stale[#stale + 1] = id
	end
end
for _, name in ipairs({ 'scheduled', 'retry' }) do
	local whole = redis.call('ZRANGEBYSCORE', P .. name, '-inf', now, 'WITHSCORES', 'LIMIT', 0, limit)
	for i = 1, #whole, 2 do
		add(whole[i], P .. name, tonumber(whole[i + 1]) * 1000)
	end
end
table.sort(due, function(a, b)
	return a.ms < b.ms or (a.ms == b.ms and a.order < b.order)
end)

for k = 1, math.min(#due, limit) do
	local task = redis.call('HMGET', P .. 't:' .. due[k].id, 'msg', 'group', 'tq:at')
	due[k].ghost = not task[1]
	due[k].noted = due[k].set == P .. 'scheduled' and second(tonumber(task[3]) or 0) == second(due[k].ms)
	due[k].group = task[2] or ''
	if due[k].group ~= '' then
		check(P, 'g:' .. due[k].group)
	end
end

-- What an operator has archived is not what we knew of it any more, even if it is run again
local archived = redis.pcall('ZRANGEBYSCORE', P .. 'archived', now - 5, '+inf', 'LIMIT', 0, 100)
if #stale > 0 then
	redis.call('ZREM', due_times, unpack(stale))
end
for _, id in ipairs(archived) do
	redis.call('HDEL', P .. 't:' .. id, unpack(NOTES))
end
local moved = 0
for k = 1, math.min(#due, limit) do
	local id, task = due[k].id, P .. 't:' .. due[k].id
	redis.call('ZREM', due[k].set, id)
	redis.call('ZREM', due_times, id)
	local group = due[k].group
	if due[k].ghost then
		redis.call('DEL', task)
	elseif group ~= '' then
		redis.call('ZADD', P .. 'g:' .. group, now, id)
		redis.call('SADD', P .. 'groups', group)
		redis.call('HSET', task, 'state', 'aggregating')
	else
		redis.call('LPUSH', pending, id)
		redis.call('HSET', task, 'state', 'pending', 'pending_since', ARGV[2])
		if due[k].noted then
			redis.call('HSET', task, 'tq:at', ARGV[2])
		end
	end
	moved = moved + 1
end

local next_due = -1
local function head(key, factor)
	local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
	if first[2] then
		local ms = tonumber(first[2]) * factor
		next_due = (next_due < 0) and ms or math.min(next_due, ms)
	end
end
head(due_times, 1)
head(P .. 'scheduled', 1000)
head(P .. 'retry', 1000)
local time = redis.call('TIME')
return { moved, string.format('%.0f', next_due), time[1], time[2] }
