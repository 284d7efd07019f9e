-- Goes through the groups of a queue.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 cursor, 2 roughly how many
-- Returns  how many there are, next cursor, then for every group its name and size
-- @include ask
local groups = KEYS[1] .. 'groups'
local page = ask('SSCAN', groups, ARGV[1], 'COUNT', ARGV[2])
if not page then
	return { 0, '0' }
end
local answers = { redis.call('SCARD', groups), page[1] }
for _, group in ipairs(page[2]) do
	answers[#answers + 1] = group
	answers[#answers + 1] = ask('ZCARD', KEYS[1] .. 'g:' .. group) or 0
end
return answers
