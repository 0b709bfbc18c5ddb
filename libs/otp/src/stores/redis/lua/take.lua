-- Takes from every log and tally asked for, or nothing at all.
-- KEYS    the records and tallies, each once
-- ARGV    1 time override in ms or ''; 2 the requests as a JSON list, 3 those that everybody shares or '' (see
--         shared/limits.lua)
-- Result  {1, now, nextAt, known, {request, limit, ...}, at, ...}: what is used up and did not refuse, and one `at` for
--         each that was taken; or {0, now, retryAfterMs, request, limit, {request, limit, ...}}: the limit that takes
--         longest, and all that refused; or {2}: no such lane
local clock, first, shared = ARGV[1], ARGV[2], ARGV[3]
-- @include shared/record.lua
-- @include shared/lanes.lua
-- @include shared/tally.lua
-- @include shared/tally_saving.lua
-- @include shared/loaded.lua
-- @include shared/windows.lua
-- @include shared/decision.lua
-- @include shared/budgets.lua
-- @include shared/limits.lua
local now = timeNow(clock)
local loaded = open(KEYS, now)
local decision = decide(first, shared, loaded)
if not decision then
  return { 2 }
end
if not decision.taken then
  return { 0, describeRefusal(decision, now) }
end
saveChanged(loaded, decision.needs)
return { 1, now, decision.nextAt, decision.known and 1 or 0, decision.usedUp, unpack(decision.charges) }
