-- What is known of a task that is in somebody's hands: id, message, lease, whether one of our
-- workers holds it, crashes, which count only if one does.
local function append_held(answers, prefix, id, score)
	local task = redis.call('HMGET', prefix .. 't:' .. id, 'msg', 'tq:owner', 'tq:lease', 'tq:crashes')
	if task[1] then
		answers[#answers + 1] = id
		answers[#answers + 1] = task[1]
		local owned = task[2] and task[3] == score
		answers[#answers + 1] = score
		answers[#answers + 1] = owned and 1 or 0
		answers[#answers + 1] = owned and task[4] or ''
	end
end
