-- Asks without failing: false where a key is of another type than the command is for.
local function ask(...)
	local reply = redis.pcall(...)
	if type(reply) == 'table' and reply.err then
		return false
	end
	return reply
end
