-- Tells how full limits are. Takes and writes nothing.
-- KEYS    the records, each once
-- ARGV    1 time override in ms or ''; 2 the requests as a JSON list of numbers (see shared/limits.lua)
-- Result  {now, ...}: for each request when its cooldown admits one more, and for each of its windows how many entries
--         count in it and when it admits one more. What admits one already admits it `now`.
local clock, requests = ARGV[1], cjson.decode(ARGV[2])
-- @include shared/record.lua
-- @include shared/limits.lua

local function countIn(log, at, windowMs, unanswered)
  local outside, counted = outsideOf(at, windowMs), 0
  for i = 2, #log do
    local state = log[i] % 4
    if log[i] > outside and (state == UNANSWERED or (state == ANSWERED and unanswered == 0)) then
      counted = counted + 1
    end
  end
  return counted
end

local now = timeNow(clock)
local records = loadAll(KEYS, now)
local answer, cursor = { now }, 1
while cursor <= #requests do
  local record, cooldownMs = records[requests[cursor]], requests[cursor + 3]
  local log = record[LOGS[requests[cursor + 1]]]
  local moment = within(record, now)
  -- A clock that was set back must not bring entries back into a window that they have left.
  local at = math.max(moment, newestAt(log) or moment)
  local function orNow(admitsAt)
    return admitsAt > at and admitsAt - moment + now or now
  end

  local steps, firstStep = requests[cursor + 4], cursor + 5
  table.insert(answer, cooldownMs > 0 and orNow(cooldownAdmitsAt(log, at, cooldownMs, requests, firstStep, steps)) or now)
  cursor = firstStep + steps + 1
  for _ = 1, requests[cursor - 1] do
    local limit, windowMs, unanswered = requests[cursor], requests[cursor + 1], requests[cursor + 2]
    table.insert(answer, countIn(log, at, windowMs, unanswered))
    table.insert(answer, orNow(windowAdmitsAt(log, at, limit, windowMs, unanswered)))
    cursor = cursor + 3
  end
end
return answer
