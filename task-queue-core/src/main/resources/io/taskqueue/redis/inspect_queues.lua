-- Counts what is in queues. Groups beyond the first hundred are not counted one by one: a
-- hundred of them at random are.
--
-- KEYS     1… the queues' prefixes, asynq:{queue}:
-- ARGV     1 today (UTC)
-- Returns  for every queue: whether anything of it is stored (0, 1); how many are pending,
--          active, scheduled, retry, archived, completed; groups, groups looked at, tasks in
--          these; processed today, failed today, processed, failed; when it was paused, since
--          when (ns) the next task is pending; then names of keys and the types of what is
--          stored there, where it is not what it should be. What is absent is nil.
-- @include ask
local GROUPS = 100
local SIZES = { 'pending', 'LLEN', 'active', 'LLEN', 'scheduled', 'ZCARD', 'retry', 'ZCARD', 'archived', 'ZCARD',
	'completed', 'ZCARD' }
local ALL = { 'pending', 'active', 'lease', 'scheduled', 'retry', 'archived', 'completed', 'groups',
	'aggregation_sets', 'paused', 'processed', 'failed' }

local function figures(prefix)
	local foreign = {}
	local function look(command, name, ...)
		local answer = ask(command, prefix .. name, ...)
		if not answer and redis.call('EXISTS', prefix .. name) == 1 then
			foreign[#foreign + 1] = prefix .. name
			foreign[#foreign + 1] = redis.call('TYPE', prefix .. name).ok
		end
		return answer
	end

	local keys = {}
	for i, name in ipairs(ALL) do
		keys[i] = prefix .. name
	end
	local answers = { redis.call('EXISTS', unpack(keys)) > 0 and 1 or 0 }
	for i = 1, #SIZES, 2 do
		answers[#answers + 1] = look(SIZES[i + 1], SIZES[i]) or 0
	end
	local groups = look('SCARD', 'groups') or 0
	local sample = {}
	if groups > GROUPS then
		sample = redis.call('SRANDMEMBER', prefix .. 'groups', GROUPS)
	elseif groups > 0 then
		sample = redis.call('SMEMBERS', prefix .. 'groups')
	end
	local tasks = 0
	for _, group in ipairs(sample) do
		tasks = tasks + (ask('ZCARD', prefix .. 'g:' .. group) or 0)
	end
	answers[#answers + 1] = groups
	answers[#answers + 1] = #sample
	answers[#answers + 1] = tasks
	for _, name in ipairs({ 'processed:' .. ARGV[1], 'failed:' .. ARGV[1], 'processed', 'failed' }) do
		answers[#answers + 1] = look('GET', name)
	end
	-- Whatever it holds, it pauses the queue
	answers[#answers + 1] = ask('GET', prefix .. 'paused') or redis.call('EXISTS', prefix .. 'paused') == 1 and ''
	local next_id = ask('LINDEX', prefix .. 'pending', -1)
	answers[#answers + 1] = next_id and ask('HGET', prefix .. 't:' .. next_id, 'pending_since')
	for _, text in ipairs(foreign) do
		answers[#answers + 1] = text
	end
	return answers
end

local answers = {}
for k, prefix in ipairs(KEYS) do
	answers[k] = figures(prefix)
end
return answers
