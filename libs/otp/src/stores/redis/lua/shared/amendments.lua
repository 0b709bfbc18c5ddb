-- Amends what was taken. Needs record.lua, lanes.lua, tally.lua and loaded.lua.
--
-- Amendments are seven values each: key and kind (as of a request to a log or a tally), at, and ANSWERED to settle,
-- GIVEN_BACK to give back or UNDONE to forget as if it had never been taken. Then
--   of a log:   the lane, and what is undone with the entry: passes and failures (0 or 1)
--   of a tally: amount, distinct value (0 without), credit (position in `earned`, 0 for none)
local AMENDMENT_FIELDS, AMENDED_TALLY_KIND = 7, 10
-- Something changed, and needs its key no longer than before.
local KEPT = -1

-- A send that is given back counts in no window any more but still starts its cooldown, until it is answered; all
-- other entries that are given back are forgotten. Tells whether anything changed.
local function amendEntry(record, holder, part, at, state)
  local log = holder[part]
  local i = findEntry(record, log, at)
  local current = i and log[i] % 4
  if not i or current == state then
    return false
  end
  local isForgotten = state == UNDONE or current ~= UNANSWERED or (state == GIVEN_BACK and part ~= SENDS_LOG)
  if isForgotten then
    table.remove(log, i)
  else
    log[i] = log[i] + state
  end
  return true
end

-- This and the next answer how long the key is needed now, KEPT, or nothing when nothing changed.
local function amendLog(loaded, index, part, at, action, lane, passes, failures)
  local record = recordAt(loaded, index)
  local holder = laneOf(record, lane, loaded.now)
  if not holder or not amendEntry(record, holder, part, at, action) then
    return
  end
  if passes > 0 then
    setPassesUsed(record, holder, math.max(0, passesUsedOf(record, holder) - passes), loaded.now)
  end
  if failures > 0 then
    local state = stateOf(record, loaded.now)
    state[FAILURES] = math.max(0, state[FAILURES] - failures)
  end
  return KEPT
end

local function addCredit(tallies, tally, now)
  local spans, newest = tally[SPANS], growingSpan(tallies, tally, tallyMoment(tallies, tally, now))
  spans[newest + CREDITS] = spans[newest + CREDITS] + 1
  fill(tally)
  if tally[DAY] == 0 then
    tally[DAY], tally[DAY_CREDITS], tally[LEVEL] = math.floor(now / DAY_MS), 0, 0
  end
  tally[DAY_CREDITS] = tally[DAY_CREDITS] + 1
end

-- Takes an amount out of the span in which it was taken; what is missing there out of newer ones.
local function withdraw(tally, at, amount, field)
  local spans, first = tally[SPANS], 1
  thinned[tally] = true
  while first < #spans - SPAN_FIELDS + 1 and spans[first] < at do
    first = first + SPAN_FIELDS
  end
  for i = first, #spans, SPAN_FIELDS do
    local here = math.min(amount, spans[i + field])
    spans[i + field] = spans[i + field] - here
    amount = amount - here
  end
end

local function withdrawValue(tally, value, amount)
  local values, i = tally[VALUES], findValue(tally, value)
  if i then
    values[i + VALUE_SUM] = values[i + VALUE_SUM] - amount
  end
end

local function amendTally(loaded, index, kind, at, action, amount, value, isEarned)
  local tallies = talliesAt(loaded, index)
  local tally = tallyOf(tallies, kind - AMENDED_TALLY_KIND, loaded.now)
  local moment = within(tallies, at)
  withdraw(tally, moment, amount, UNANSWERED_SUM)
  if action ~= ANSWERED then
    withdraw(tally, moment, amount, TAKEN)
  end
  if value ~= 0 then
    withdrawValue(tally, value, amount)
  end
  if not isEarned or action ~= ANSWERED then
    return loaded.values[index] and KEPT or nil
  end
  addCredit(tallies, tally, loaded.now)
  return tally[HOURS] * HOUR_MS
end

-- Adds to `needs` what changed (see loaded.lua). What is not there any more is passed over.
local function amend(amendments, loaded, earned, needs)
  for first = 1, #amendments, AMENDMENT_FIELDS do
    local index, kind, at, action, amount, value, credit = unpack(amendments, first, first + AMENDMENT_FIELDS - 1)
    local needMs
    if kind < AMENDED_TALLY_KIND then
      needMs = amendLog(loaded, index, kind, at, action, amount, value, credit)
    else
      needMs = amendTally(loaded, index, kind, at, action, amount, value, earned[credit])
    end
    if needMs == KEPT then
      needs[index] = needs[index] or false
    elseif needMs then
      needs[index] = math.max(needs[index] or 0, needMs)
    end
  end
end
