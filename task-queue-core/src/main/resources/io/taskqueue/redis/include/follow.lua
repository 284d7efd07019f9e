-- A request that waits in tq:next becomes the task when the running one settles, in whatever
-- way. To be called after the running one has left active and lease.
-- @include create
-- @include unlock
local function follow(prefix, id, now_ns)
	local waiting = redis.call('HGET', prefix .. 'tq:next', id)
	if not waiting then
		return false
	end
	local message, due, due_ms, lock, lock_seconds, group = unpack(cmsgpack.unpack(waiting))
	redis.call('HDEL', prefix .. 'tq:next', id)
	unlock(redis.call('HGET', prefix .. 't:' .. id, 'unique_key'), id)
	redis.call('DEL', prefix .. 't:' .. id)
	local holder = lock ~= '' and holder_of(lock)
	if holder and holder ~= id then
		lock = ''
	end
	if group and (type(redis.pcall('ZCARD', prefix .. 'g:' .. group)) == 'table'
			or type(redis.pcall('SCARD', prefix .. 'groups')) == 'table') then
		-- Keys of another type, found too late to stop
		group = ''
	end
	if create(prefix, id, message, due, due_ms, now_ns, lock, lock_seconds, group) == 'pending' then
		redis.call('LPUSH', prefix .. 'pending', id)
	end
	return true
end
