-- Tallies: sums over spans of time. Needs record.lua. All tallies of one record stand in one string, apart from its logs:
-- [base, sends, wrongCodes, failedSends, spending], where base is as in a record. A tally, empty fields at its end left out:
--   1  hours: the longest window ever asked of it; what is younger must not be forgotten
--   2  spans, oldest first, four fields each: [lastAt, taken, unanswered, credits, ...]
--   3  distinct values, three fields each: [value, lastAt, unanswered, ...]
--   4  the history's day, counted from 1970; 5 its credits so far; 6 the level of the days before, in hundredths
--   7  when a trickle admitted last, in ms since 1970
-- A key that counted one amount and no more stands in less, so that a flood of keys stays small: SINGLE and,
-- behind it, the distinct value if there is one.
local TALLIES = 5
local HOURS, SPANS, VALUES, DAY, DAY_CREDITS, LEVEL, TRICKLED_AT = 1, 2, 3, 4, 5, 6, 7
local TAKEN, UNANSWERED_SUM, CREDITS, SPAN_FIELDS = 1, 2, 3, 4
local VALUE_AT, VALUE_SUM, VALUE_FIELDS = 1, 2, 3
-- As SPANS and HISTORY of otp-store.ts.
local SLOT_MS = 10000
-- Part, which is less than any packed list begins with; when, in ms since 1970; hours; amount. A country's name behind it
-- makes 12 bytes, the most that Redis keeps in the smallest place of its allocator that it uses for values.
local SINGLE, SINGLE_BYTES, SINGLE_MOST_AMOUNT, SINGLE_MOST_HOURS = '>BI6HB', 10, 255, 65535
local HISTORY_DAYS, HISTORY_START, HISTORY_GROWTH, HISTORY_MOST_DAYS, HISTORY_KEPT_MS = 7, 2000, 2, 40, 30 * DAY_MS

-- Tallies that got a span, or lost an amount, since they were read: only those have anything to merge or to drop.
local grown, thinned = {}, {}

local function unpackSingle(packed)
  local part, at, hours, amount = struct.unpack(SINGLE, packed)
  local lastAt = at % 1000
  local tally = { hours, { lastAt, amount, amount, 0 } }
  if #packed > SINGLE_BYTES then
    tally[VALUES] = { string.sub(packed, SINGLE_BYTES + 1), lastAt, amount }
  end
  local tallies = { (at - lastAt) / 1000, EMPTY, EMPTY, EMPTY, EMPTY }
  tallies[part] = tally
  return tallies
end

local function unpackTallies(value, now)
  if not value then
    return { math.floor(now / 1000), EMPTY, EMPTY, EMPTY, EMPTY }
  elseif string.byte(value) <= TALLIES then
    return unpackSingle(value)
  end
  local tallies = cmsgpack.unpack(value)
  for part = #tallies + 1, TALLIES do
    tallies[part] = EMPTY
  end
  return tallies
end

-- Puts the fields there that were left out.
local function fill(tally)
  tally[VALUES] = tally[VALUES] or {}
  for field = DAY, TRICKLED_AT do
    tally[field] = tally[field] or 0
  end
end

-- What is kept of the past is worth less each day; nothing is left of it when nobody answers.
local function rollHistory(tally, now)
  local today = math.floor(now / DAY_MS)
  if tally[DAY] == 0 or tally[DAY] >= today then
    return
  end
  fill(tally)
  for _ = 1, math.min(today - tally[DAY], HISTORY_MOST_DAYS) do
    local level = tally[LEVEL]
    local nextLevel = level + (100 * tally[DAY_CREDITS] - level) / HISTORY_DAYS
    tally[LEVEL] = math.floor(math.min(nextLevel, math.max(HISTORY_GROWTH * level, HISTORY_START)))
    tally[DAY_CREDITS] = 0
  end
  tally[DAY] = tally[LEVEL] > 0 and today or 0
end

-- One tally, to be read and changed.
local function tallyOf(tallies, part, now)
  local tally = tallies[part]
  if not tally[SPANS] then
    tally = { 0, {} }
    tallies[part] = tally
  elseif tally[DAY] then
    rollHistory(tally, now)
  end
  return tally
end

-- A clock that was set back must not bring amounts back into a window that they have left.
local function tallyMoment(tallies, tally, now)
  local moment, spans = within(tallies, now), tally[SPANS]
  local newestAt = spans[#spans + 1 - SPAN_FIELDS]
  return newestAt and newestAt > moment and newestAt or moment
end

-- The span to which something is added at `at`.
local function growingSpan(tallies, tally, at)
  local spans, origin = tally[SPANS], tallies[BASE] * 1000
  local newest = #spans + 1 - SPAN_FIELDS
  if newest > 0 and spans[newest] >= at - (at + origin) % SLOT_MS then
    spans[newest] = at
    return newest
  end
  newest, grown[tally] = newest + SPAN_FIELDS, true
  spans[newest], spans[newest + TAKEN], spans[newest + UNANSWERED_SUM], spans[newest + CREDITS] = at, 0, 0, 0
  return newest
end

local function findValue(tally, value)
  local values = tally[VALUES] or EMPTY
  for i = 1, #values, VALUE_FIELDS do
    if values[i] == value then
      return i
    end
  end
end

local function addAmount(tallies, tally, at, amount, value)
  local spans, newest = tally[SPANS], growingSpan(tallies, tally, at)
  spans[newest + TAKEN] = spans[newest + TAKEN] + amount
  spans[newest + UNANSWERED_SUM] = spans[newest + UNANSWERED_SUM] + amount
  if value ~= 0 then
    local values = tally[VALUES] or {}
    local i = findValue(tally, value) or #values + 1
    values[i], values[i + VALUE_AT], values[i + VALUE_SUM] = value, at, (values[i + VALUE_SUM] or 0) + amount
    tally[VALUES] = values
  end
end
