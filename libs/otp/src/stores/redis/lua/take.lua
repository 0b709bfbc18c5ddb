-- Takes one entry from every log asked for, or none at all.
-- KEYS    the records, each once
-- ARGV    1 time override in ms or ''; 2 the requests as a JSON list of numbers (see shared/limits.lua)
-- Result  {1, now, nextAt, at, ...} with one `at` for each entry taken, or
--         {0, now, retryAfterMs, request, limit}; limit 0 is the cooldown, n the n-th window
local clock, requests = ARGV[1], cjson.decode(ARGV[2])
-- @include shared/record.lua
-- @include shared/limits.lua
local now = timeNow(clock)
local records = loadAll(KEYS, now)
local decision = decide(requests, records, now)
if not decision.taken then
  return { 0, describeRefusal(decision, now) }
end
for index, needMs in pairs(decision.needs) do
  save(KEYS[index], records[index], now, needMs)
end
return { 1, now, decision.nextAt, unpack(decision.charges) }
