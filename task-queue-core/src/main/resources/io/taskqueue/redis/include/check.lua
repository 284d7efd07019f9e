-- Ends the script where a key has another type than it should. For the beginning: what a
-- script has written before an error stays.
local READS = { pending = 'LLEN', active = 'LLEN', groups = 'SCARD', ['tq:next'] = 'HLEN' }

local function check(prefix, ...)
	for _, name in ipairs({ ... }) do
		redis.call(READS[name] or 'ZCARD', prefix .. name)
	end
end
