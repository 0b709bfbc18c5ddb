-- Decides all requests of a call. Needs record.lua, lanes.lua, windows.lua, decision.lua, tally.lua, loaded.lua and
-- budgets.lua.
--
-- Requests are a list. It begins with whose number may be known: record (0 for none), withinMs, passes, take (0 or
-- 1), lane. Then each request: those to tallies as in budgets.lua, those to logs: record (position in KEYS), log (its
-- part of the record), lane (see lanes.lua), take (0, 1, or UNNAMED where entries may share a time), the most failures in
-- a row (0: counted, never refused; -1: not asked), cooldownMs (0 without a cooldown), the count of its steps, each step
-- in ms, the count of windows, and for each window: limit, windowMs, unanswered (0 or 1).
local FIRST_REQUEST = 6
-- Positions of limits within a request to a log: the windows count from 1.
local COOLDOWN, FAILURES_LIMIT = 0, -1
local UNNAMED = 2

-- Whether the number answered not long ago and the lane may still pass; one who takes a message uses up a pass.
local function isKnown(requests, loaded)
  local index, withinMs, passes, take, name = unpack(requests, 1, FIRST_REQUEST - 1)
  local record, now = recordAt(loaded, index), loaded.now
  if not record[STATE][1] then
    return false
  end
  local answeredAt, lane = stateOf(record, now)[ANSWERED_AT], laneOf(record, name, now)
  if not lane or answeredAt == 0 or now >= answeredAt + withinMs then
    return false
  end
  local passesUsed = passesUsedOf(record, lane)
  local known = passesUsed < passes
  if known and take == 1 then
    setPassesUsed(record, lane, passesUsed + 1, now)
  end
  return known
end

-- Asks one log, and adds to it as it is loaded while nothing has refused. Returns where the next request begins, or
-- nothing when there is no such lane.
local function decideLog(requests, cursor, position, loaded, decision)
  local index, part, mostFailures = requests[cursor], requests[cursor + 1], requests[cursor + 4]
  local take, cooldownMs, steps, firstStep = requests[cursor + 3], requests[cursor + 5], requests[cursor + 6], cursor + 7
  local record, now = recordAt(loaded, index), loaded.now
  local holder = laneOf(record, requests[cursor + 2], now)
  if not holder then
    return
  end
  local log, moment = holder[part], within(record, now)
  local newest = newestAt(log)
  -- A clock that was set back must not bring entries back into a window that they have left.
  local at = newest and newest > moment and newest or moment
  local longest = cooldownMs

  if mostFailures > 0 and record[STATE][1] and stateOf(record, now)[FAILURES] >= mostFailures then
    refuse(decision, position, FAILURES_LIMIT, DAY_MS)
  end
  if cooldownMs > 0 then
    local admitsAt = cooldownAdmitsAt(log, at, cooldownMs, requests, firstStep, steps)
    if admitsAt > at then
      refuse(decision, position, COOLDOWN, admitsAt - moment)
    end
  end
  local window = firstStep + steps + 1
  for count = 1, requests[window - 1] do
    local windowMs = requests[window + 1]
    longest = windowMs > longest and windowMs or longest
    local admitsAt = windowAdmitsAt(log, at, requests[window], windowMs, requests[window + 2])
    if admitsAt > at then
      refuse(decision, position, count, admitsAt - moment)
    end
    window = window + 3
  end

  if decision.taken and take > 0 then
    -- Unique in its log: `at` is the entry's name when it is settled or given back.
    local charge, hours = newest and newest >= moment and newest + 1 or moment, math.ceil(longest / HOUR_MS)
    if take == UNNAMED then
      -- Many at once would take the time of those after them, and kept for an hour fill a record whose window is short.
      charge, hours = at, longest / HOUR_MS
    end
    log = own(holder, part)
    log[1] = log[1] and log[1] > hours and log[1] or hours
    log[#log + 1] = entryOf(charge, UNANSWERED)
    noteTaken(decision, index, charge - moment + now, charge - moment + longest)
    if mostFailures >= 0 then
      local state = stateOf(record, now)
      state[FAILURES], state[FAILED_AT] = state[FAILURES] + 1, math.ceil(now / 1000)
      decision.needs[index] = math.max(decision.needs[index], FAILURES_SECONDS * 1000)
    end
    if cooldownMs > 0 then
      local nextAt = cooldownAdmitsAt(log, charge, cooldownMs, requests, firstStep, steps) - moment + now
      decision.nextAt = math.max(decision.nextAt, nextAt)
    end
  end
  return window
end

-- Asks the requests of a list from `cursor` on; nothing without a lane.
local function askAll(requests, cursor, loaded, decision)
  while cursor and cursor <= #requests do
    decision.position = decision.position + 1
    local ask = requests[cursor + 1] > TALLY_KIND and decideTally or decideLog
    cursor = ask(requests, cursor, decision.position, loaded, decision)
  end
  return cursor
end

-- All or nothing: nothing may be saved unless the decision is `taken`. Amounts and entries are written to what is loaded
-- as the requests are read, so two requests to one log or tally see each other. What everybody shares is a list of its
-- own, without a head; it is only read when the first admits. Returns nothing without a lane.
local function decide(first, shared, loaded)
  local requests, decision = cjson.decode(first), newDecision(loaded.now)
  decision.known = requests[1] > 0 and isKnown(requests, loaded)
  local isAsked = askAll(requests, FIRST_REQUEST, loaded, decision)
  if isAsked and decision.taken and shared ~= '' then
    isAsked = askAll(cjson.decode(shared), 1, loaded, decision)
  end
  return isAsked and decision
end
