-- Ends tasks that are done: forgets them, or keeps them for their retention.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 lane, 2 number, 3 owner, 4 now (ns), 5 UTC day, 6 when the day's counter expires,
--          then for every task: id, lock key ('' = none), message to keep ('' = forget),
--          purge time (s), whether there is a result (0, 1), result
-- Returns  for every task: 1 done, 0 not the owner's any more
-- @include settle
-- @include count
local P = KEYS[1]
local reply, number = P .. 'tq:reply:' .. ARGV[1] .. ':complete', tonumber(ARGV[2])
local FIRST, STRIDE = 7, 6

local before = answered(reply, number)
if before then
	return before
end
check(P, 'completed')
local answers, ids, followers = still_owned(P, ARGV[3], FIRST, STRIDE)
if #ids > 0 then
	take_back(P, ids)
	local forgotten = {}
	for k = 1, #answers do
		if answers[k] == 1 then
			local id, lock, message, purge, has_result, result = unpack(ARGV, FIRST + (k - 1) * STRIDE, FIRST + k * STRIDE - 1)
			local task = P .. 't:' .. id
			unlock(lock, id)
			if followers and follow(P, id, ARGV[4]) then
				-- The task is the next request now
			elseif message == '' then
				forgotten[#forgotten + 1] = task
			else
				redis.call('ZADD', P .. 'completed', purge, id)
				redis.call('HSET', task, 'msg', message, 'state', 'completed')
				forget(task)
				if has_result == '1' then
					redis.call('HSET', task, 'result', result)
				end
			end
		end
	end
	if #forgotten > 0 then
		redis.call('DEL', unpack(forgotten))
	end
	count(P, { 'processed' }, #ids, ARGV[5], ARGV[6])
end
return answer(reply, number, answers)
