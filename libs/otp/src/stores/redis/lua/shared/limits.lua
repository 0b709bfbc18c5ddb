-- Sliding windows over the logs of loaded records. Needs record.lua. All times are the record's own.
--
-- Requests are numbers in one list, for each request: record, log (positions in KEYS and LOGS), take (0 or 1),
-- cooldownMs (0 without a cooldown), the count of its steps, each step in ms, the count of windows, and for each
-- window: limit, windowMs, unanswered (0 or 1).

-- The first moment from `at` on when the window admits one more: when the limit-th newest entry has left it.
local function windowAdmitsAt(log, at, limit, windowMs, unanswered)
  if limit < 1 then
    return at + windowMs
  end
  local outside, counted = outsideOf(at, windowMs), 0
  for i = #log, 2, -1 do
    local entry = log[i]
    if entry <= outside then
      return at
    end
    local state = entry % 4
    if state == UNANSWERED or (state == ANSWERED and unanswered == 0) then
      counted = counted + 1
      if counted == limit then
        return atOf(entry) + windowMs
      end
    end
  end
  return at
end

-- The first moment from `at` on when the cooldown admits one more. Waiting, older entries leave the window and the
-- step may become a shorter one, so each count of entries left has its own span of time.
-- The steps stand in `requests` from `first` on.
local function cooldownAdmitsAt(log, at, windowMs, requests, first, steps)
  local outside, inside = outsideOf(at, windowMs), {}
  for i = #log, 2, -1 do
    local entry = log[i]
    if entry <= outside then
      break
    end
    if entry % 4 ~= ANSWERED then
      inside[#inside + 1] = atOf(entry)
    end
  end
  local from = at
  for count = #inside, 1, -1 do
    local admits = math.max(from, inside[1] + requests[first - 1 + math.min(count, steps)])
    local leaves = inside[count] + windowMs
    if admits < leaves then
      return admits
    end
    from = leaves
  end
  return from
end

-- All or nothing: nothing may be saved unless the decision is `taken`. Entries are written to the loaded logs as the
-- requests are read, so two requests to one log see each other.
local function decide(requests, records, now)
  local decision = { taken = true, charges = {}, needs = {}, nextAt = now, waitMs = 0, request = 0, limit = 0 }
  local cursor, position = 1, 0
  while cursor <= #requests do
    position = position + 1
    local index, take, cooldownMs = requests[cursor], requests[cursor + 2], requests[cursor + 3]
    local steps, firstStep = requests[cursor + 4], cursor + 5
    local record = records[index]
    local log = record[LOGS[requests[cursor + 1]]]
    local moment, newest = within(record, now), newestAt(log)
    -- A clock that was set back must not bring entries back into a window that they have left.
    local at = newest and math.max(moment, newest) or moment
    local longest, admitsAt, limit = cooldownMs, at, 0

    if cooldownMs > 0 then
      admitsAt = cooldownAdmitsAt(log, at, cooldownMs, requests, firstStep, steps)
    end
    cursor = firstStep + steps + 1
    for window = 1, requests[cursor - 1] do
      local windowMs = requests[cursor + 1]
      longest = math.max(longest, windowMs)
      local windowAt = windowAdmitsAt(log, at, requests[cursor], windowMs, requests[cursor + 2])
      if windowAt > admitsAt then
        admitsAt, limit = windowAt, window
      end
      cursor = cursor + 3
    end

    if admitsAt > at then
      decision.taken = false
      if admitsAt - moment > decision.waitMs then
        decision.waitMs, decision.request, decision.limit = admitsAt - moment, position, limit
      end
    elseif decision.taken and take == 1 then
      -- Unique in its log: `at` is the entry's name when it is settled or given back.
      local charge = newest and math.max(moment, newest + 1) or moment
      log[1] = math.max(log[1] or 0, math.ceil(longest / HOUR_MS))
      log[#log + 1] = entryOf(charge, UNANSWERED)
      table.insert(decision.charges, charge - moment + now)
      decision.needs[index] = math.max(decision.needs[index] or 0, charge - moment + longest)
      if cooldownMs > 0 then
        local nextAt = cooldownAdmitsAt(log, charge, cooldownMs, requests, firstStep, steps) - moment + now
        decision.nextAt = math.max(decision.nextAt, nextAt)
      end
    end
  end
  return decision
end

-- What both scripts that take answer to a refusal, after their own status.
local function describeRefusal(decision, now)
  return now, decision.waitMs, decision.request, decision.limit
end
