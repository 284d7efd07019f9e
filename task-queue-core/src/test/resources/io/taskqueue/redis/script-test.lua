-- @include shout
-- @include shout
return shout(ARGV[1])
