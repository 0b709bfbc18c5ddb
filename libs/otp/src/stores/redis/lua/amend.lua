-- Settles or gives back entries by their `at`; those that are not there are passed over. Never extends a time to live.
-- KEYS    the records, each once
-- ARGV    1 time override in ms or ''; 2 the amendments as a JSON list of numbers (see shared/record.lua)
-- Result  nothing
local clock, amendments = ARGV[1], cjson.decode(ARGV[2])
-- @include shared/record.lua
local now = timeNow(clock)
local records = loadAll(KEYS, now)
for index in pairs(amend(amendments, records)) do
  save(KEYS[index], records[index], now)
end
return false
