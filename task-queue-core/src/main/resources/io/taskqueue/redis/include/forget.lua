-- Removes what we know of a task from its hash, once nobody holds it.
-- @include note
local function forget(task)
	redis.call('HDEL', task, 'tq:owner', 'tq:lease', 'tq:cancel', unpack(NOTES))
end

-- The same for a task that is to run without having used an attempt: how many workers died of
-- it still counts, where tq:at says so.
local function let_go(task)
	redis.call('HDEL', task, 'tq:owner', 'tq:lease', 'tq:cancel', 'tq:deferred')
end
