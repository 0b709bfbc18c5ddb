-- Removes all challenges of one record; its logs and tombstones stay.
-- KEYS    1 the number's record
-- ARGV    1 time override in ms or ''
-- Result  how many live ones there were
local key, clock = KEYS[1], ARGV[1]
-- @include shared/record.lua
-- @include shared/lanes.lua
local now = timeNow(clock)
local record = load(key, now)
local someExpired = dropExpired(record, now)
local count = #record[CHALLENGES] / CHALLENGE_FIELDS
if count > 0 or someExpired then
  record[CHALLENGES] = {}
  save(key, record, now)
end
return count
