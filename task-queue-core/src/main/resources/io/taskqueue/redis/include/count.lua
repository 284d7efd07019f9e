-- asynq's statistics: a counter per UTC day that expires, and a total that starts again
-- instead of overflowing. Where a counter is something else, nothing is counted: statistics
-- never stand in the way of a task.
local function near_overflow(total, n)
	return (tonumber(redis.pcall('GET', total) or '0') or 0) + n >= 9223372036854775807
end

local function count(prefix, names, n, day, expires)
	if n == 0 then
		return
	end
	local overflow = near_overflow(prefix .. names[1], n)
	for _, name in ipairs(names) do
		local today = prefix .. name .. ':' .. day
		if redis.pcall('INCRBY', today, n) == n then
			redis.call('EXPIREAT', today, expires)
		end
		if overflow then
			redis.call('SET', prefix .. name, n)
		else
			redis.pcall('INCRBY', prefix .. name, n)
		end
	end
end
