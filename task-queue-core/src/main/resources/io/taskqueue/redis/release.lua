-- Gives tasks back without using an attempt: to the head of the queue, in their order, put
-- off until later, or, with a deferral but no time, to the end of the queue for others. A task
-- that was to be cancelled is archived.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 lane, 2 number, 3 owner, 4 now (ns), then for every task: id,
--          due (s, 0 = now), due (ms), deferral ('' = none)
-- Returns  for every task: 1 done, 0 not the owner's any more
--
-- A deferral is kept with the marks of all owners that put the task off: 2@<ms>/<mark>/<mark>/
-- @include settle
-- @include cancelled
-- @include forget
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
	local cancelled = cancelled_of(P, ids)
	take_back(P, ids)
	local for_others = {}
	-- From the last to the first: the last one pushed runs next
	for k = #answers, 1, -1 do
		if answers[k] == 1 then
			local id, due, due_ms, deferral = unpack(ARGV, FIRST + (k - 1) * STRIDE, FIRST + k * STRIDE - 1)
			local task = P .. 't:' .. id
			if followers and follow(P, id, ARGV[4]) then
				-- The task is the next request now
			elseif cancelled[id] then
				archive_cancelled(P, id, ARGV[4]:sub(1, -10))
			else
				if deferral ~= '' then
					deferral = deferral .. marks(task)
				end
				let_go(task)
				local noted = deferral ~= '' or redis.call('HEXISTS', task, 'tq:crashes') == 1
				if due == '0' then
					if deferral ~= '' then
						table.insert(for_others, 1, id)
					else
						redis.call('RPUSH', P .. 'pending', id)
					end
					redis.call('HSET', task, 'state', 'pending')
					if noted then
						redis.call('HSET', task, 'pending_since', ARGV[4], 'tq:at', ARGV[4])
					end
				else
					redis.call('ZADD', P .. 'scheduled', due, id)
					redis.call('ZADD', P .. 'tq:due', due_ms, id)
					redis.call('HSET', task, 'state', 'scheduled')
					if noted then
						redis.call('HSET', task, 'tq:at', due_ms)
					end
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
