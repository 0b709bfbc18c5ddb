-- Counts the live challenges of one record.
-- KEYS    1 the number's record
-- ARGV    1 time override in ms or ''
-- Result  how many
local key, clock = KEYS[1], ARGV[1]
-- @include shared/record.lua
local now = timeNow(clock)
local record = load(key, now)
dropExpired(record, now)
return #record[CHALLENGES] / CHALLENGE_FIELDS
