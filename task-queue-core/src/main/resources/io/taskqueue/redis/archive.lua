-- Archives tasks, and trims the archive.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 lane, 2 number, 3 owner, 4 now (ns), 5 UTC day, 6 when the day's counter expires,
--          7 now (s), 8 archived at or before this (s) is too old, 9 size of the archive,
--          10 how many to trim at most, then for every task: id, message
-- Returns  for every task: 1 done, 0 not the owner's any more
-- @include settle
-- @include count
-- @include trim
local P = KEYS[1]
local reply, number = P .. 'tq:reply:' .. ARGV[1] .. ':archive', tonumber(ARGV[2])
local FIRST, STRIDE = 11, 2

local before = answered(reply, number)
if before then
	return before
end
check(P, 'archived')
local answers, ids, followers = still_owned(P, ARGV[3], FIRST, STRIDE)
if #ids > 0 then
	take_back(P, ids)
	local fresh = {}
	for k = 1, #answers do
		if answers[k] == 1 then
			local id, message = ARGV[FIRST + (k - 1) * STRIDE], ARGV[FIRST + (k - 1) * STRIDE + 1]
			local task = P .. 't:' .. id
			if not (followers and follow(P, id, ARGV[4])) then
				redis.call('ZADD', P .. 'archived', ARGV[7], id)
				redis.call('HSET', task, 'msg', message, 'state', 'archived')
				forget(task)
				fresh[id] = true
			end
		end
	end
	trim(P, ARGV[8], tonumber(ARGV[9]), tonumber(ARGV[10]), fresh)
	count(P, { 'processed', 'failed' }, #ids, ARGV[5], ARGV[6])
end
return answer(reply, number, answers)
