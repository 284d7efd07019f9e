-- What we know of a task beyond asynq's record: how many workers died of it, and who put it
-- off for lack of a handler. While it waits, this counts only as long as the task is where
-- we put it, which tq:at tells: its due millisecond in scheduled, its pending_since in
-- pending. Operators and Go servers that move the task do not write tq:at.
local NOTES = { 'tq:crashes', 'tq:deferred', 'tq:at' }

-- asynq's tools can archive a pending task and run it again without leaving a sign of it.
-- So what we know does not outlast a long time in pending either.
local COUNTS_FOR_MS = 600000

local function since_ms(pending_since)
	return math.floor((tonumber(pending_since) or 0) / 1e6)
end

local function is_where_we_put_it(at, pending_since, now_ms)
	return at and at == pending_since and now_ms < since_ms(pending_since) + COUNTS_FOR_MS
end
