-- Turns ticks of cron tasks into tasks of one queue, in their order. A tick is fired at
-- most once, whoever asks and however often: the check, the task and the note that it was
-- fired are this one script.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 namespace, 2 epoch of the leader (0 = somebody else), 3 now (ns), then for
--          every tick: verb (FIRE, PASS, RELEASE, TRIGGER), uuid, revision, tick (s),
--          overlap (SKIP, QUEUE, ALLOW), id, message, message with the id's alternative,
--          due (s, 0 = now), due (ms)
-- Returns  for every tick: outcome (CREATED, KEPT, SKIPPED, WAITING, STALE, DEPOSED),
--          id of the task ('' = none), what refused it (revision or epoch, 0 = nothing)
-- @include check
-- @include create
-- @include wake
-- @include cron
local P, namespace, epoch = KEYS[1], ARGV[1], tonumber(ARGV[2])
local entries = cron_key(P, namespace)
local FIRST, STRIDE = 4, 10
local UNFINISHED = { pending = true, scheduled = true, active = true, retry = true, aggregating = true }

check(P, 'pending', 'scheduled', 'tq:due')
local newest = tonumber(redis.call('HGET', entries, '*') or '0')
local first_before = first_due(P)
local answers = {}
local function answer(outcome, id, refused_by)
	answers[#answers + 1] = outcome
	answers[#answers + 1] = id or ''
	answers[#answers + 1] = string.format('%.0f', refused_by or 0)
end

local function is_unfinished(id)
	return id ~= '' and UNFINISHED[redis.call('HGET', P .. 't:' .. id, 'state') or '']
end

-- Another namespace may have a cron task of the same uuid in this queue: the second of two
-- occurrences gets the namespace into its id. One that is ours was fired before, though
-- the note of it was lost.
local function free_id(id)
	for _, candidate in ipairs({ id, id .. '~' .. namespace }) do
		local task = redis.call('HMGET', P .. 't:' .. candidate, 'state', 'tq:cron')
		if not task[1] then
			return candidate
		elseif task[2] == namespace then
			return nil
		end
	end
end

for i = FIRST, #ARGV, STRIDE do
	local verb, uuid, revision, tick, overlap, id, message, other_message, due, due_ms =
		unpack(ARGV, i, i + STRIDE - 1)
	revision, tick = tonumber(revision), tonumber(tick)
	local entry = cron_entry(entries, uuid)

	local function fire()
		local free = free_id(id)
		if free then
			create(P, free, free == id and message or other_message, due, due_ms, ARGV[3], '', 0)
			redis.call('HSET', P .. 't:' .. free, 'tq:cron', namespace)
			if due == '0' then
				redis.call('LPUSH', P .. 'pending', free)
			end
			entry.id = free
		end
		answer(free and 'CREATED' or 'KEPT', free)
	end

	if epoch > 0 and epoch < newest then
		answer('DEPOSED', nil, newest)
	elseif revision < entry.revision then
		answer('STALE', nil, entry.revision)
	else
		entry.revision = revision
		local tick_text = string.format('%.0f', tick)
		if verb == 'PASS' then
			entry.last = math.max(entry.last, tick)
			answer('KEPT')
		elseif verb == 'TRIGGER' then
			if entry.id == id then
				-- A driver has sent the call twice
				answer('CREATED', id)
			elseif overlap ~= 'ALLOW' and is_unfinished(entry.id) then
				answer('SKIPPED', entry.id)
			else
				fire()
			end
		elseif verb == 'RELEASE' then
			if entry.waiting ~= tick_text then
				answer('KEPT')
			elseif is_unfinished(entry.id) then
				answer('WAITING')
			else
				entry.waiting = ''
				fire()
			end
		elseif tick <= entry.last then
			answer('KEPT')
		else
			entry.last = tick
			if overlap == 'ALLOW' or (entry.waiting == '' and not is_unfinished(entry.id)) then
				fire()
			elseif overlap == 'QUEUE' and entry.waiting == '' then
				entry.waiting = tick_text
				answer('WAITING')
			else
				answer('SKIPPED', entry.id)
			end
		end
		cron_write(entries, uuid, entry)
	end
end
if epoch > newest then
	redis.call('HSET', entries, '*', ARGV[2])
end
wake(P, first_before)
return answers
