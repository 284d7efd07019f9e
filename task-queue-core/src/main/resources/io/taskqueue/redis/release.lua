-- Gives tasks back without using an attempt: to the head of the queue, in their order, put
-- off until later, or, with a deferral but no time, to the end of the queue for others.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 lane, 2 number, 3 owner, 4 now (ns), then for every task: id,
--          due (s, 0 = now), due (ms), deferral ('' = none)
-- Returns  for every task: 1 done, 0 not the owner's any more
--
-- A deferral is kept with the marks of all owners that put the task off: 2@<ms>/<mark>/<mark>/
-- @include settle
-- @include mark
local P = KEYS[1]
local reply, number = P .. 'tq:reply:' .. ARGV[1] .. ':release', tonumber(ARGV[2])
local FIRST, STRIDE = 5, 4

local function marks(task)
	local marks, own = (redis.call('HGET', task, 'tq:deferred') or ''):match('/.*') or '/', mark(ARGV[3])
	return marks:find(own, 1, true) and marks or (marks .. own:sub(2))
end

local before = answered(reply, number)
if before then
	return before
end
check(P, 'pending', 'scheduled', 'tq:due')
local answers, ids, followers = still_owned(P, ARGV[3], FIRST, STRIDE)
if #ids > 0 then
	local first_before = first_due(P)
	take_back(P, ids)
	local for_others = {}
	-- From the last to the first: the last one pushed runs next
	for k = #answers, 1, -1 do
		if answers[k] == 1 then
			local id, due, due_ms, deferral = unpack(ARGV, FIRST + (k - 1) * STRIDE, FIRST + k * STRIDE - 1)
			local task = P .. 't:' .. id
			if not (followers and follow(P, id, ARGV[4])) then
				if deferral ~= '' then
					deferral = deferral .. marks(task)
				end
				redis.call('HDEL', task, 'tq:owner', 'tq:lease', 'tq:cancel', 'tq:deferred')
				if due == '0' and deferral ~= '' then
					table.insert(for_others, 1, id)
					redis.call('HSET', task, 'state', 'pending', 'pending_since', ARGV[4])
				elseif due == '0' then
					redis.call('RPUSH', P .. 'pending', id)
					redis.call('HSET', task, 'state', 'pending')
				else
					redis.call('ZADD', P .. 'scheduled', due, id)
					redis.call('ZADD', P .. 'tq:due', due_ms, id)
					redis.call('HSET', task, 'state', 'scheduled')
				end
				if deferral ~= '' then
					redis.call('HSET', task, 'tq:deferred', deferral)
				end
			end
		end
	end
	if #for_others > 0 then
		redis.call('LPUSH', P .. 'pending', unpack(for_others))
	end
	wake(P, first_before)
end
return answer(reply, number, answers)
