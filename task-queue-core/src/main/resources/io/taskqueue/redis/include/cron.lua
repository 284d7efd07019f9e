-- What a queue remembers of a namespace's cron tasks: a hash, by uuid
-- "revision|last tick (s)|id of the last occurrence|waiting tick (s, '' = none)", where
-- definitions below the revision are refused; and under '*' the highest epoch of a leader.
local function cron_key(prefix, namespace)
	return prefix .. 'tq:cron:' .. namespace
end

local function cron_entry(key, uuid)
	local text = redis.call('HGET', key, uuid) or '0|0||'
	local revision, last, id, waiting = string.match(text, '^(%d+)|(%d+)|(.*)|(%d*)$')
	return { revision = tonumber(revision), last = tonumber(last), id = id, waiting = waiting }
end

local function cron_write(key, uuid, entry)
	redis.call('HSET', key, uuid,
		string.format('%.0f|%.0f|%s|%s', entry.revision, entry.last, entry.id, entry.waiting))
end
