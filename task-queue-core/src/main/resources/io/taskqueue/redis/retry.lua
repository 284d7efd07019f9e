-- Puts failed tasks into the retry set. A task that was to be cancelled is archived.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 lane, 2 number, 3 owner, 4 now (ns), 5 UTC day, 6 when the day's counter expires,
--          then for every task: id, message, due (s), due (ms), whether it counts as a
--          failure (0, 1), whether it is retried although it was to be cancelled (0, 1)
-- Returns  for every task: 1 done, 0 not the owner's any more
-- @include settle
-- @include cancelled
-- @include count
local P = KEYS[1]
local reply, number = P .. 'tq:reply:' .. ARGV[1] .. ':retry', tonumber(ARGV[2])
local FIRST, STRIDE = 7, 6

local before = answered(reply, number)
if before then
	return before
end
check(P, 'retry', 'tq:due')
local answers, ids, followers = still_owned(P, ARGV[3], FIRST, STRIDE)
if #ids > 0 then
	local first_before = first_due(P)
	local cancelled = cancelled_of(P, ids)
	take_back(P, ids)
	local failures = 0
	for k = 1, #answers do
		if answers[k] == 1 then
			local id, message, due, due_ms, failure, anyway = unpack(ARGV, FIRST + (k - 1) * STRIDE, FIRST + k * STRIDE - 1)
			local task = P .. 't:' .. id
			if followers and follow(P, id, ARGV[4]) then
				-- The task is the next request now
			elseif cancelled[id] and anyway == '0' then
				redis.call('HSET', task, 'msg', message)
				archive_cancelled(P, id, ARGV[4]:sub(1, -10))
			else
				redis.call('ZADD', P .. 'retry', due, id)
				redis.call('ZADD', P .. 'tq:due', due_ms, id)
				redis.call('HSET', task, 'msg', message, 'state', 'retry')
				forget(task)
			end
			failures = failures + tonumber(failure)
		end
	end
	wake(P, first_before)
	count(P, { 'processed', 'failed' }, failures, ARGV[5], ARGV[6])
end
return answer(reply, number, answers)
