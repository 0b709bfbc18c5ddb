-- Forgets logs of one record; its challenges stay.
-- KEYS    1 the record
-- ARGV    1 time override in ms or ''; 2... positions of the logs
-- Result  nothing
local key, clock = KEYS[1], ARGV[1]
-- @include shared/record.lua
local now = timeNow(clock)
local record = load(key, now)
for i = 2, #ARGV do
  record[LOGS[tonumber(ARGV[i])]] = {}
end
save(key, record, now)
return false
