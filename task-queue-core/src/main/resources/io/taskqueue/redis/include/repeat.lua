-- A batch that is repeated is answered with its first answer, kept for a minute under a key
-- of its lane. A number below the last one comes from a connection that nobody reads any
-- more: it must not be executed, and its answer does not matter.
local function answered(key, number)
	local kept = redis.call('GET', key)
	if not kept then
		return nil
	end
	local last = cmsgpack.unpack(kept)
	if last[1] == number then
		return last[2]
	elseif last[1] > number then
		return redis.error_reply('STALE batch ' .. number .. ', the lane is at ' .. last[1])
	end
end

local function answer(key, number, value)
	redis.call('SET', key, cmsgpack.pack({ number, value }), 'EX', 60)
	return value
end
