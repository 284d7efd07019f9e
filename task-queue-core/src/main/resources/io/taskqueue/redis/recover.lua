-- Takes tasks away from owners that are gone. A lease that is not the one that was seen is
-- left alone: the owner renewed it, or somebody else was faster. A task that was to be
-- cancelled is archived.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 now (ns), 2 UTC day, 3 when the day's counter expires, 4 now (s), 5 archived at or
--          before this (s) is too old, 6 size of the archive, 7 how many to trim at most, then
--          for every task: id, lease seen (s), what to do (requeue, retry, archive), message
--          ('' for requeue), due (s), due (ms), crashes
-- Returns  the ids that were recovered
-- @include check
-- @include follow
-- @include count
-- @include trim
-- @include wake
-- @include cancelled
-- @include forget
local P = KEYS[1]
local active, lease = P .. 'active', P .. 'lease'
local FIRST, STRIDE = 8, 7
check(P, 'active', 'lease', 'pending', 'scheduled', 'retry', 'archived', 'tq:due', 'tq:next')
local known, cancelled = {}, {}
for i = FIRST, #ARGV, STRIDE do
	local task = P .. 't:' .. ARGV[i]
	known[ARGV[i]] = redis.call('HEXISTS', task, 'msg') == 1
	cancelled[ARGV[i]] = redis.call('HGET', task, 'tq:lease') == ARGV[i + 1] and is_cancelled(task)
end

local first_before = first_due(P)
local recovered, fresh, failures = {}, {}, 0
for i = FIRST, #ARGV, STRIDE do
	local id, seen, action, message, due, due_ms, crashes = unpack(ARGV, i, i + STRIDE - 1)
	local task = P .. 't:' .. id
	if redis.call('ZSCORE', lease, id) == seen then
		redis.call('LREM', active, -1, id)
		redis.call('ZREM', lease, id)
		if follow(P, id, ARGV[1]) then
			-- The task is the next request now
		elseif not known[id] then
			redis.call('DEL', task)
		elseif cancelled[id] then
			archive_cancelled(P, id, ARGV[4])
			fresh[id] = true
		elseif action == 'requeue' then
			let_go(task)
			redis.call('HSET', task, 'state', 'pending', 'pending_since', ARGV[1], 'tq:crashes', crashes, 'tq:at', ARGV[1])
			redis.call('RPUSH', P .. 'pending', id)
		else
			forget(task)
			if action == 'retry' then
				redis.call('ZADD', P .. 'retry', due, id)
				redis.call('ZADD', P .. 'tq:due', due_ms, id)
				redis.call('HSET', task, 'msg', message, 'state', 'retry')
			else
				redis.call('ZADD', P .. 'archived', ARGV[4], id)
				redis.call('HSET', task, 'msg', message, 'state', 'archived')
				fresh[id] = true
			end
			failures = failures + 1
		end
		recovered[#recovered + 1] = id
	end
end
if next(fresh) then
	trim(P, ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), fresh)
end
wake(P, first_before)
count(P, { 'processed', 'failed' }, failures, ARGV[2], ARGV[3])
return recovered
