-- Budgets over tallies. Needs record.lua, tally.lua and decision.lua. All times are those of the tally's own key.
--
-- A request is so many values of a list: key (position in KEYS), kind (10 more than the tally's part), take (0 or 1),
-- unlessKnown (0 or 1), amount, then for distinct values: value (0 without), limit, share, windowMs, observe (0 or 1), then the count of budgets,
-- and for each: unanswered (0 or 1), windowMs, floor, share, youngMs (0 without), youngUpTo, youngShare, trickleMs (0
-- without), observe (0 or 1).
local TALLY_REQUEST_FIELDS, BUDGET_FIELDS = 11, 9
-- Kinds above are a tally's part of its key's list and so much; below, the part of a record where the log stands.
local TALLY_KIND = 10
-- As HISTORY of otp-store.ts.
local HISTORY_PEAK = 3

local function limitOf(tally, floor, share, credits, windowMs)
  if share > 0 then
    local usual = share * (tally[LEVEL] or 0) / 100 * math.min(1, HISTORY_PEAK * windowMs / DAY_MS)
    floor = math.max(floor, share * credits, usual)
  end
  return floor - floor % 1
end

-- The first moment from `at` on when a budget admits so much more; it stands in `requests` from `first` on.
local function budgetAdmitsAt(tally, at, amount, requests, first)
  local spans, field = tally[SPANS], requests[first] == 1 and UNANSWERED_SUM or TAKEN
  local windowMs, floor, share = requests[first + 1], requests[first + 2], requests[first + 3]
  local outside, counted, credits, young, oldest = at - windowMs, 0, 0, 0, #spans + 1
  -- A whole span must be young, and may have begun that much before its newest amount.
  local youngMs = requests[first + 4]
  local youngFrom = youngMs > 0 and at - youngMs + SLOT_MS or math.huge
  for i = oldest - SPAN_FIELDS, 1, -SPAN_FIELDS do
    local lastAt = spans[i]
    if lastAt <= outside then
      break
    end
    oldest, counted, credits = i, counted + spans[i + field], credits + spans[i + CREDITS]
    if lastAt >= youngFrom then
      young = young + spans[i + UNANSWERED_SUM]
    end
  end
  if young > 0 then
    young = math.min(young, math.max(requests[first + 5], requests[first + 6] * credits))
  end
  if counted - young + amount <= limitOf(tally, floor, share, credits, windowMs) then
    return at
  end
  for i = oldest, #spans, SPAN_FIELDS do
    counted, credits = counted - spans[i + field], credits - spans[i + CREDITS]
    if counted + amount <= limitOf(tally, floor, share, credits, windowMs) then
      return spans[i] + windowMs
    end
  end
  return at + windowMs
end

local function creditsSince(spans, outside)
  local credits = 0
  for i = 1, #spans, SPAN_FIELDS do
    credits = spans[i] > outside and credits + spans[i + CREDITS] or credits
  end
  return credits
end

-- The first moment from `at` on when one more value is admitted.
local function valueAdmitsAt(tally, at, value, limit, share, windowMs)
  local values, outside, others = tally[VALUES] or EMPTY, at - windowMs, {}
  for i = 1, #values, VALUE_FIELDS do
    if values[i + VALUE_SUM] > 0 and values[i + VALUE_AT] > outside then
      if values[i] == value then
        return at
      end
      others[#others + 1] = values[i + VALUE_AT]
    end
  end
  local most = limit
  if #others >= most and share > 0 then
    most = math.max(limit, math.floor(share * creditsSince(tally[SPANS], outside)))
  end
  if #others < most then
    return at
  end
  table.sort(others)
  local leaving = others[#others - most + 1]
  return (leaving or at) + windowMs
end

-- Asks one tally, and adds to it as it is loaded while nothing has refused. Returns where the next request begins.
local function decideTally(requests, cursor, position, loaded, decision)
  local index, amount, value = requests[cursor], requests[cursor + 4], requests[cursor + 5]
  local first, budgets = cursor + TALLY_REQUEST_FIELDS, requests[cursor + 10]
  local last = first + BUDGET_FIELDS * budgets
  if decision.known and requests[cursor + 3] == 1 then
    return last
  end
  local tallies, now = talliesAt(loaded, index), loaded.now
  local tally = tallyOf(tallies, requests[cursor + 1] - TALLY_KIND, now)
  local moment, at = within(tallies, now), tallyMoment(tallies, tally, now)
  local longest, isTrickle = 0, false

  for budget = 1, budgets do
    local windowMs, trickleMs = requests[first + 1], requests[first + 7]
    longest = windowMs > longest and windowMs or longest
    local admitsAt = budgetAdmitsAt(tally, at, amount, requests, first)
    if admitsAt > at then
      local trickleAt = trickleMs > 0 and within(tallies, tally[TRICKLED_AT] or 0) + trickleMs or math.huge
      if trickleAt <= at or requests[first + 8] == 1 then
        isTrickle = isTrickle or (trickleAt <= at and requests[first + 8] == 0)
        noteUsedUp(decision.usedUp, position, budget)
      else
        refuse(decision, position, budget, math.min(admitsAt, trickleAt) - moment)
      end
    end
    first = first + BUDGET_FIELDS
  end
  if value ~= 0 then
    local mostValues, valueShare, valueMs, observesValues = unpack(requests, cursor + 6, cursor + 9)
    longest = math.max(longest, valueMs)
    local admitsAt = valueAdmitsAt(tally, at, value, mostValues, valueShare, valueMs)
    if admitsAt > at and observesValues == 1 then
      noteUsedUp(decision.usedUp, position, 0)
    elseif admitsAt > at then
      refuse(decision, position, 0, admitsAt - moment)
    end
  end

  if decision.taken and requests[cursor + 2] == 1 then
    local hours = math.ceil(longest / HOUR_MS)
    tally[HOURS] = hours > tally[HOURS] and hours or tally[HOURS]
    addAmount(tallies, tally, at, amount, value)
    if isTrickle then
      fill(tally)
      tally[TRICKLED_AT] = at - moment + now
    end
    noteTaken(decision, index, at - moment + now, at - moment + longest)
  end
  return last
end
