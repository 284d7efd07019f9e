-- Lists tasks of one state. A list is read from its right end, a sorted set from its lowest
-- score.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 state, 2 group, 3 how many to skip, 4 how many at most, 5 score ('' = skip),
--          6 id after which to go on, 7 now (ms)
-- Returns  how many are in the state, how many of them come before these, then for every task
--          what inspect returns
-- @include inspect
local P, state, count, now_ms = KEYS[1], ARGV[1], tonumber(ARGV[4]), tonumber(ARGV[7])
local key = P .. state
if state == 'aggregating' then
	key = P .. 'g:' .. ARGV[2]
end

if state == 'pending' or state == 'active' then
	local total, first = ask('LLEN', key) or 0, tonumber(ARGV[3])
	local answers = { total, first }
	if first < total then
		local ids = redis.call('LRANGE', key, -first - count, -first - 1)
		for i = #ids, 1, -1 do
			answers[#answers + 1] = inspect(P, ids[i], now_ms, state)
		end
	end
	return answers
end

local total, first = ask('ZCARD', key) or 0, tonumber(ARGV[3])
if total == 0 then
	return { 0, first }
end
if ARGV[5] ~= '' then
	local rank = redis.call('ZRANK', key, ARGV[6])
	first = rank and rank + 1 or redis.call('ZCOUNT', key, '-inf', '(' .. ARGV[5])
end
local answers = { total, first }
local ids = redis.call('ZRANGE', key, first, first + count - 1, 'WITHSCORES')
for i = 1, #ids, 2 do
	answers[#answers + 1] = inspect(P, ids[i], now_ms, state, ids[i + 1])
end
return answers
