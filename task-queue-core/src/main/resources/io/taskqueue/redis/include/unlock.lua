-- Unique locks. A key of another type is somebody else's: no lock of ours, and never free.
local function holder_of(lock)
	return redis.pcall('GET', lock)
end

local function unlock(lock, id)
	if lock and lock ~= '' and holder_of(lock) == id then
		redis.call('DEL', lock)
	end
end
