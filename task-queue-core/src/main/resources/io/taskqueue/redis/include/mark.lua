-- How a deferral names an owner that put the task off: the end of its token, which is the end
-- of a UUID.
local function mark(owner)
	return '/' .. owner:sub(-8) .. '/'
end
