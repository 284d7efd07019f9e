-- Looks at a part of a queue's tasks for those that are in no list or set.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 cursor ('0' to begin), 2 how many keys of Redis to look at
-- Returns  the next cursor ('0' = all seen), then the ids that were found
-- @include check
-- @include listed
-- @include literal
local P = KEYS[1]
local prefix = P .. 't:'
check(P, 'pending', 'active', 'lease', 'scheduled', 'retry', 'archived', 'completed')
local page = redis.call('SCAN', ARGV[1], 'MATCH', literal(prefix) .. '*', 'COUNT', ARGV[2], 'TYPE', 'hash')

local found = { page[1] }
for _, key in ipairs(page[2]) do
	local id = key:sub(#prefix + 1)
	if not listed(P, id) then
		found[#found + 1] = id
	end
end
return found
