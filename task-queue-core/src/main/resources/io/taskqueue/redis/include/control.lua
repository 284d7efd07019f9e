-- What an operator does to tasks that he names, or to all in a state, some at a time. A task
-- that he has touched has no past: all that we know of it is removed.
--
-- ARGV     1 state ('' = the tasks named at the end), 2 group, 3 how many of all at most
-- Returns  how many are in the state, then for every task: 1 done, 0 there is none, -1 it is
--          active, -2 it is so already, -3 it is not where its state says
-- @include forget
-- @include check
-- @include take_out
local DONE, MISSING, ACTIVE, ALREADY, ELSEWHERE = 1, 0, -1, -2, -3

local function some_of_all(prefix, state, group, most)
	if state == 'pending' then
		local ids, listed = {}, redis.call('LRANGE', prefix .. 'pending', -most, -1)
		for i = #listed, 1, -1 do
			ids[#ids + 1] = listed[i]
		end
		return ids, redis.call('LLEN', prefix .. 'pending')
	end
	local key = prefix .. (state == 'aggregating' and 'g:' .. group or state)
	return redis.call('ZRANGE', key, 0, most - 1), redis.call('ZCARD', key)
end

-- already: the state in which there is nothing to do; act: called with the id and the task's
-- key once the task is nowhere
local function control(prefix, first, already, act)
	check(prefix, 'pending', 'scheduled', 'retry', 'archived', 'completed', 'groups', 'tq:due')
	local all, group, answers = ARGV[1], ARGV[2], { 0 }
	if all ~= '' then
		local ids
		ids, answers[1] = some_of_all(prefix, all, group, tonumber(ARGV[3]))
		for _, id in ipairs(ids) do
			local task = prefix .. 't:' .. id
			local there = redis.call('HGET', task, 'state') == all
			take_out(prefix, id, all, group)
			if there then
				act(id, task)
			end
			answers[#answers + 1] = there and DONE or MISSING
		end
		return answers
	end
	for i = first, #ARGV do
		local id = ARGV[i]
		local task = prefix .. 't:' .. id
		local stored = redis.call('HMGET', task, 'state', 'group')
		local state, answer = stored[1], DONE
		if not state then
			answer = MISSING
		elseif state == 'active' then
			answer = ACTIVE
		elseif state == already then
			answer = ALREADY
		elseif not take_out(prefix, id, state, stored[2] or '') then
			answer = ELSEWHERE
		else
			act(id, task)
		end
		answers[#answers + 1] = answer
	end
	return answers
end
