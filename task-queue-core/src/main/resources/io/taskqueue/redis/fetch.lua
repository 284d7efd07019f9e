-- Takes the next tasks and leases them to an owner.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 lane, 2 number, 3 owner, 4 how many at most, 5 suspects allowed, 6 crashes that
--          make a suspect, 7 now (ms), 8 lease (s), 9 whether Redis's clock counts (0, 1)
-- Returns  1 if the queue is paused else 0, then for every task: id, message, crashes ('' = 0),
--          deferral ('' = none)
--
-- A task that the owner has put off for lack of a handler stays where it is during its first
-- two seconds back in the queue: others, who may have one, shall get it first. What waits
-- behind such tasks is fetched.
-- @include repeat
-- @include owned
-- @include note
-- @include mark
-- @include check
local P = KEYS[1]
local reply, number, owner = P .. 'tq:reply:' .. ARGV[1] .. ':fetch', tonumber(ARGV[2]), ARGV[3]
local pending, active, lease = P .. 'pending', P .. 'active', P .. 'lease'
local scheduled, due_times = P .. 'scheduled', P .. 'tq:due'
local FIELDS = { 'msg', 'tq:crashes', 'tq:deferred', 'state', 'pending_since', 'tq:at' }
local FOR_OTHERS_MS, BEHIND_OTHERS = 2000, 128

local function append(answers, id, task)
	answers[#answers + 1] = id
	answers[#answers + 1] = task[1]
	answers[#answers + 1] = task[2] or ''
	answers[#answers + 1] = task[3] or ''
end

local before = answered(reply, number)
if before then
	if before.err then
		return before
	end
	local answers = { 0 }
	for _, id in ipairs(before) do
		if owned(P .. 't:' .. id, owner, redis.call('ZSCORE', lease, id)) then
			append(answers, id, redis.call('HMGET', P .. 't:' .. id, unpack(FIELDS)))
		end
	end
	return answers
end

if redis.call('EXISTS', P .. 'paused') == 1 then
	return { 1 }
end
local now_ms = tonumber(ARGV[7])
local function is_for_others(task)
	return task[3] and task[3]:find(mark(owner), 1, true) and now_ms < since_ms(task[5]) + FOR_OTHERS_MS
end

local function read(id)
	local task = redis.call('HMGET', P .. 't:' .. id, unpack(FIELDS))
	task.noted = task[2] or task[3] or task[6]
	if task.noted and not is_where_we_put_it(task[6], task[5], now_ms) then
		task.stale = true
		task[2], task[3] = false, false
	end
	return task
end

-- The first to run first
local ids, tasks, left = {}, {}, 0
local function look(first, last, count)
	local listed = redis.call('LRANGE', pending, first, last)
	for i = #listed, 1, -1 do
		local id = listed[i]
		tasks[id] = tasks[id] or read(id)
		if is_for_others(tasks[id]) then
			left = left + 1
		elseif #ids < count then
			ids[#ids + 1] = id
		end
	end
end
local count = tonumber(ARGV[4])
look(-count, -1, count)
if left > 0 then
	look(-count - BEHIND_OTHERS, -count - 1, count)
end
if #ids == 0 then
	return { 0 }
end
check(P, 'active', 'lease', 'scheduled', 'tq:due', 'tq:owners')

local now = math.floor(now_ms / 1000)
if ARGV[9] == '1' then
	-- The later of both clocks, so that nobody recovers early because of skew
	now = math.max(now, tonumber(redis.call('TIME')[1]))
end
local expires = string.format('%.0f', now + tonumber(ARGV[8]))

-- Redis lets a script write when out of memory if its first write frees some
if left == 0 then
	redis.call('RPOP', pending, #ids)
else
	for _, id in ipairs(ids) do
		redis.call('LREM', pending, -1, id)
	end
end
local suspects = tonumber(ARGV[5])
local answers, taken, leases = { 0 }, {}, {}
for _, id in ipairs(ids) do
	local key, task = P .. 't:' .. id, tasks[id]
	if not task then
		-- Listed twice, the first one has been taken
	elseif not task[1] then
		redis.call('DEL', key)
	elseif task[4] == 'active' and redis.call('ZSCORE', lease, id) then
		-- Listed although somebody holds it
	elseif (tonumber(task[2]) or 0) >= tonumber(ARGV[6]) and suspects == 0 then
		local later = now_ms + 1000
		local at = string.format('%.0f', later)
		redis.call('HSET', key, 'state', 'scheduled', 'tq:at', at)
		redis.call('HDEL', key, 'pending_since')
		redis.call('ZADD', scheduled, string.format('%.0f', math.ceil(later / 1000)), id)
		redis.call('ZADD', due_times, at, id)
	else
		if (tonumber(task[2]) or 0) >= tonumber(ARGV[6]) then
			suspects = suspects - 1
		end
		redis.call('HSET', key, 'state', 'active', 'tq:owner', owner, 'tq:lease', expires)
		if task.stale then
			redis.call('HDEL', key, 'pending_since', unpack(NOTES))
		elseif task.noted then
			redis.call('HDEL', key, 'pending_since', 'tq:at')
		else
			redis.call('HDEL', key, 'pending_since')
		end
		taken[#taken + 1] = id
		leases[#leases + 1] = expires
		leases[#leases + 1] = id
		append(answers, id, task)
	end
	tasks[id] = nil
end
if #taken > 0 then
	redis.call('LPUSH', active, unpack(taken))
	redis.call('ZADD', lease, unpack(leases))
	redis.call('ZADD', P .. 'tq:owners', string.format('%.0f', now), owner)
end
answer(reply, number, taken)
return answers
