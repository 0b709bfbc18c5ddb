-- Tells what a number's record knows beside its logs.
-- KEYS    1 the number's record
-- ARGV    1 time override in ms or ''
-- Result  {answeredAt or 0, passesUsed, failures, devices}
local key, clock = KEYS[1], ARGV[1]
-- @include shared/record.lua
-- @include shared/lanes.lua
local now = timeNow(clock)
local record = load(key, now)
local state = stateOf(record, now)
return { state[ANSWERED_AT], state[PASSES_USED], state[FAILURES], countDevices(record, now) }
