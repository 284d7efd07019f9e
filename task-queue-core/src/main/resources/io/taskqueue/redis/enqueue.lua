-- Stores new tasks of one queue, in their order.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 lane, 2 number, 3 now (ns), then for every task:
--          id, message, due (s, 0 = now), due (ms), on conflict (FAIL, KEEP, REPLACE),
--          lock key ('' = none), lock seconds
-- Returns  for every task: outcome, state of the task that has the id now ('' = none)
-- @include repeat
-- @include check
-- @include remove
-- @include create
-- @include wake
-- @include of_this_queue
local P = KEYS[1]
local reply, number = P .. 'tq:reply:' .. ARGV[1] .. ':enqueue', tonumber(ARGV[2])
local pending = P .. 'pending'
local FIRST, STRIDE = 4, 7

local before = answered(reply, number)
if before then
	return before
end

check(P, 'pending', 'scheduled', 'retry', 'archived', 'completed', 'tq:due', 'tq:next')
local first_before = first_due(P)
local states, keys = {}, {}
for i = FIRST, #ARGV, STRIDE do
	states[ARGV[i]] = ''
	keys[#keys + 1] = P .. 't:' .. ARGV[i]
end
-- Most ids are new, which one call tells of all of them
local some_exist = redis.call('EXISTS', unpack(keys)) > 0
-- What is left of a queue that was deleted is not in the way of new tasks
local being_deleted = some_exist and redis.call('LINDEX', P .. 'tq:deleted', -1)
local deleted_ns = being_deleted and tonumber(being_deleted:match('^tq:deleted:(%d+):'))
for i = FIRST, some_exist and #ARGV or 0, STRIDE do
	local task = redis.call('HMGET', P .. 't:' .. ARGV[i], 'state', 'group')
	local left_over = deleted_ns and not is_of_this_queue(P, ARGV[i], deleted_ns)
	states[ARGV[i]] = not left_over and task[1] or ''
	if task[1] == 'aggregating' then
		check(P, 'groups', 'g:' .. (task[2] or ''))
	end
end

-- What becomes of a request, by the state of the task that has its id
local WAITING = { FAIL = 'CONFLICT', KEEP = 'KEPT', REPLACE = 'REPLACED' }
local OUTCOMES = {
	pending = WAITING,
	scheduled = WAITING,
	retry = WAITING,
	aggregating = WAITING,
	active = { FAIL = 'CONFLICT', KEEP = 'KEPT', REPLACE = 'NEXT' },
	archived = { FAIL = 'CONFLICT', KEEP = 'CREATED', REPLACE = 'CREATED' }
}
local FREE = { FAIL = 'CREATED', KEEP = 'CREATED', REPLACE = 'CREATED' }

local pushed = {}
local function push()
	if #pushed > 0 then
		redis.call('LPUSH', pending, unpack(pushed))
		pushed = {}
	end
end

local answers = {}
for i = FIRST, #ARGV, STRIDE do
	local id, message, due, due_ms, on_conflict, lock, lock_seconds = unpack(ARGV, i, i + STRIDE - 1)
	local task, state = P .. 't:' .. id, states[id]
	local outcome = (OUTCOMES[state] or FREE)[on_conflict]
	local writes = outcome == 'CREATED' or outcome == 'REPLACED' or outcome == 'NEXT'
	local holder = writes and lock ~= '' and holder_of(lock)
	if holder and holder ~= id then
		outcome = 'DUPLICATE'
	elseif outcome == 'NEXT' then
		redis.call('HSET', P .. 'tq:next', id, cmsgpack.pack({ message, due, due_ms, lock, lock_seconds }))
	elseif writes then
		if state == 'pending' then
			push()
		end
		-- Not for nothing: it would be the first write, after which Redis refuses none
		if (some_exist or state ~= '') and redis.call('EXISTS', task) == 1 then
			remove(P, id, state)
		end
		create(P, id, message, due, due_ms, ARGV[3], lock, lock_seconds)
		if due == '0' then
			pushed[#pushed + 1] = id
			states[id] = 'pending'
		else
			states[id] = 'scheduled'
		end
	end
	answers[#answers + 1] = outcome
	answers[#answers + 1] = states[id]
end
push()

wake(P, first_before)
return answer(reply, number, answers)
