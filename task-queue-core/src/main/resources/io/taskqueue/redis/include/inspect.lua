-- All that is stored of a task: id, type of what is stored in its place ('' = a task, or
-- nothing), message, state, score (of an active task, the lease), exact due time (ms), pending
-- since (ns), result, owner, crashes, deferral, whether it shall be cancelled, whether a request
-- waits for it to end. What is absent is nil. Of our own fields, only what counts: asynq's tools
-- and servers leave them behind when they move a task.
-- @include ask
-- @include note
local FIELDS = { 'msg', 'state', 'pending_since', 'result', 'tq:owner', 'tq:lease', 'tq:crashes', 'tq:deferred',
	'tq:cancel', 'tq:at' }
local SORTED = { scheduled = 'scheduled', retry = 'retry', archived = 'archived', completed = 'completed',
	active = 'lease' }

local function inspect(prefix, id, now_ms, state, score)
	local key = prefix .. 't:' .. id
	local task = ask('HMGET', key, unpack(FIELDS))
	local foreign = task and '' or redis.call('TYPE', key).ok
	task = task or {}
	state = state or task[2]
	if state == 'aggregating' then
		score = score or ask('ZSCORE', prefix .. 'g:' .. (ask('HGET', key, 'group') or ''), id)
	elseif SORTED[state] then
		score = score or ask('ZSCORE', prefix .. SORTED[state], id)
	end
	local due, owner, noted, cancel, replaced = false, false, false, false, false
	if state == 'scheduled' or state == 'retry' then
		due = ask('ZSCORE', prefix .. 'tq:due', id)
	end
	if state == 'scheduled' then
		noted = score and math.ceil((tonumber(task[10]) or 0) / 1000) == tonumber(score)
	elseif state == 'pending' then
		noted = is_where_we_put_it(task[10], task[3], now_ms)
	elseif state == 'active' then
		owner = score and task[6] == score and task[5]
		noted = owner
		cancel = owner and task[9] == task[6]
		replaced = ask('HEXISTS', prefix .. 'tq:next', id) == 1
	end
	return { id, foreign, task[1] or false, task[2] or false, score or false, due, task[3] or false, task[4] or false,
		owner, noted and task[7] or '', noted and task[8] or '', cancel and 1 or 0, replaced and 1 or 0 }
end
