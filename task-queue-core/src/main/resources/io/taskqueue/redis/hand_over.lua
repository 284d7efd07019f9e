-- Puts one task in the place of an aggregation set: the task, its members, the set and the
-- note of it change in this one step. (asynq enqueues and deletes in two, and merges twice
-- where it dies between them.) Without a task, forgets a set that holds none.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 lane, 2 number, 3 now (ns), 4 set (g:<group>:<id>), 5 deadline (s), 6 how many tasks
--          it must hold, 7 id ('' = no task), 8 message, 9 due (s, 0 = now), 10 due (ms),
--          11 lock key ('' = none), 12 lock seconds, 13 the task's own group ('' = none)
-- Returns  DONE, or having changed nothing: LOST (the set was put back), CHANGED (it holds
--          other tasks), CONFLICT (the id is taken), DUPLICATE (the lock is held)
-- @include repeat
-- @include check
-- @include set
-- @include remove
-- @include create
-- @include wake
local P = KEYS[1]
local reply, number = P .. 'tq:reply:' .. ARGV[1] .. ':hand_over', tonumber(ARGV[2])
local set, id, message, due, due_ms, lock, lock_seconds, group = ARGV[4], unpack(ARGV, 7, 13)
local key = P .. set

local before = answered(reply, number)
if before then
	return before
end
check(P, 'pending', 'scheduled', 'completed', 'tq:due', 'groups', set)
if group ~= '' then
	check(P, 'g:' .. group)
end

local function verdict()
	if not still_taken(P, set, ARGV[5]) then
		return 'LOST'
	elseif redis.call('ZCARD', key) ~= tonumber(ARGV[6]) then
		return 'CHANGED'
	elseif id == '' then
		return 'DONE'
	end
	local state = redis.call('HGET', P .. 't:' .. id, 'state')
	if state and state ~= 'completed' then
		return 'CONFLICT'
	end
	local holder = lock ~= '' and holder_of(lock)
	return (holder and holder ~= id) and 'DUPLICATE' or 'DONE'
end

local outcome = verdict()
if outcome == 'DONE' then
	local first_before = first_due(P)
	local members = redis.call('ZRANGE', key, 0, -1)
	redis.call('ZREM', P .. 'aggregation_sets', key)
	redis.call('DEL', key)
	for _, member in ipairs(members) do
		local task = P .. 't:' .. member
		-- An id may have been taken anew after an operator deleted the queue
		if redis.call('HGET', task, 'state') == 'aggregating' then
			redis.call('DEL', task)
		end
	end
	if id ~= '' then
		remove(P, id, redis.call('HGET', P .. 't:' .. id, 'state') or '')
		if create(P, id, message, due, due_ms, ARGV[3], lock, lock_seconds, group) == 'pending' then
			redis.call('LPUSH', P .. 'pending', id)
		end
	end
	redis.pcall('HDEL', P .. 'tq:backoff', string.match(set, '^g:(.*):[^:]*$'))
	wake(P, first_before)
end
return answer(reply, number, outcome)
