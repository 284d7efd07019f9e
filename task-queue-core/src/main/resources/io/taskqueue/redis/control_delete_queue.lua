-- Begins to delete a queue: puts its lists away under tq:deleted:*, so that for everybody it
-- is empty at once, and removes all else. The tasks themselves are deleted step by step.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 whether tasks may be deleted (0, 1), 2 now (ns), 3… UTC days that may have counters
-- Returns  1 begun, -1 it has active tasks, -2 it is not empty
-- @include check
local P, now_ns = KEYS[1], ARGV[2]
check(P, 'pending', 'active', 'scheduled', 'retry', 'archived', 'completed', 'groups', 'aggregation_sets')

local function holds(name)
	return redis.call(name == 'pending' and 'LLEN' or 'ZCARD', P .. name) > 0
end
local groups = redis.call('SMEMBERS', P .. 'groups')
local staged = redis.call('ZRANGE', P .. 'aggregation_sets', 0, -1)
if redis.call('LLEN', P .. 'active') > 0 then
	return -1
elseif ARGV[1] == '0' then
	for _, name in ipairs({ 'pending', 'scheduled', 'retry', 'archived' }) do
		if holds(name) then
			return -2
		end
	end
	for _, group in ipairs(groups) do
		if holds('g:' .. group) then
			return -2
		end
	end
	if #staged > 0 then
		return -2
	end
end

local function put_away(name)
	if redis.call('EXISTS', P .. name) == 1 then
		local away = 'tq:deleted:' .. now_ns .. ':' .. name
		redis.call('RENAME', P .. name, P .. away)
		redis.call('RPUSH', P .. 'tq:deleted', away)
	end
end
for _, name in ipairs({ 'pending', 'scheduled', 'retry', 'archived', 'completed' }) do
	put_away(name)
end
for _, group in ipairs(groups) do
	put_away('g:' .. group)
end
for _, key in ipairs(staged) do
	if key:sub(1, #P) == P then
		put_away(key:sub(#P + 1))
	end
end
for _, name in ipairs({ 'active', 'lease', 'groups', 'aggregation_sets', 'paused', 'processed', 'failed', 'tq:due',
	'tq:owners', 'tq:next' }) do
	redis.call('UNLINK', P .. name)
end
for i = 3, #ARGV do
	redis.call('DEL', P .. 'processed:' .. ARGV[i], P .. 'failed:' .. ARGV[i])
end
return 1
