-- Promoters sleep until the first task is due, so they must hear of one that is due before.
-- To be asked before the script writes, and told afterwards.
local function first_due(prefix)
	return tonumber(redis.call('ZRANGE', prefix .. 'tq:due', 0, 0, 'WITHSCORES')[2])
end

local function wake(prefix, first_before)
	local first = first_due(prefix)
	if first and (not first_before or first < first_before) then
		redis.call('PUBLISH', prefix .. 'tq:wake', string.format('%.0f', first))
	end
end
