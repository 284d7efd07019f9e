-- Deletes archived tasks beyond the limits of the archive.
--
-- KEYS     1 the queue's prefix, asynq:{queue}:
-- ARGV     1 archived at or before this (s) is too old, 2 size of the archive, 3 how many at most
-- Returns  how many
-- @include trim
return trim(KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), {})
