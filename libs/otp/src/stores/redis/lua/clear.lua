-- Forgets parts of one record, in every lane; its challenges and tallies stay.
-- KEYS    1 the record
-- ARGV    1 time override in ms or ''; 2... sends, wrongCodes, failures, devices or known
-- Result  nothing
local key, clock = KEYS[1], ARGV[1]
-- @include shared/record.lua
-- @include shared/lanes.lua
local now = timeNow(clock)
local record = load(key, now)

local function clearLog(part)
  for _, holder in ipairs(logHolders(record)) do
    holder[part] = {}
  end
end

local clearing = {
  sends = function()
    clearLog(SENDS_LOG)
  end,
  wrongCodes = function()
    clearLog(CODES_LOG)
  end,
  failures = function()
    local state = stateOf(record, now)
    state[FAILURES], state[FAILED_AT] = 0, 0
  end,
  devices = function()
    dropLanes(record, function(lane)
      return isDevice(lane[LANE_NAME])
    end)
  end,
  known = function()
    forgetAnswer(record)
  end,
}
for i = 2, #ARGV do
  clearing[ARGV[i]]()
end
save(key, record, now)
return false
