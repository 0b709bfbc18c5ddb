-- Tells how full the limits of logs are. Takes and writes nothing.
-- KEYS    the records, each once
-- ARGV    1 time override in ms or ''; 2 the requests as a JSON list (see shared/limits.lua)
-- Result  {now, ...}: for each request when its cooldown admits one more, and for each of its windows how many entries
--         count in it and when it admits one more. What admits one already admits it `now`.
local clock, requests = ARGV[1], cjson.decode(ARGV[2])
-- @include shared/record.lua
-- @include shared/lanes.lua
-- @include shared/windows.lua

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
-- The first five say whose number may be known.
local answer, cursor = { now }, 6
while cursor <= #requests do
  local index, part, lane, _, _, cooldownMs, steps = unpack(requests, cursor, cursor + 6)
  local record, firstStep = load(KEYS[index], now), cursor + 7
  local holder = laneOf(record, lane, now)
  local log = holder and holder[part] or EMPTY
  local moment = within(record, now)
  -- A clock that was set back must not bring entries back into a window that they have left.
  local at = math.max(moment, newestAt(log) or moment)
  local function orNow(admitsAt)
    return admitsAt > at and admitsAt - moment + now or now
  end

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
