-- Refuses a revision of a cron task's definition, and all before it, from now on. A tick
-- that waits is given up.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 namespace, 2 uuid, 3 revision
-- Returns  the last tick that counts as fired (s, 0 = none)
-- @include cron
local entries = cron_key(KEYS[1], ARGV[1])
local entry = cron_entry(entries, ARGV[2])
entry.revision = math.max(entry.revision, tonumber(ARGV[3]) + 1)
entry.waiting = ''
cron_write(entries, ARGV[2], entry)
return entry.last
