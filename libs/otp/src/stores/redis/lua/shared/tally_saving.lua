-- Saves tallies: merges their spans, and forgets what is over. Needs record.lua and tally.lua.

local function widthAt(ageMs)
  if ageMs <= 120000 then
    return SLOT_MS
  elseif ageMs <= 3600000 then
    return 60000
  end
  return ageMs <= 90000000 and 1440000 or 21600000
end

-- Merges spans as they grow older, and forgets what is over; in place, for few of many change.
local function tidySpans(tally, origin, at, outside)
  local spans, merges, drops = tally[SPANS], grown[tally], thinned[tally]
  local count, last = #spans, 1 - SPAN_FIELDS
  for i = 1, count, SPAN_FIELDS do
    local lastAt = spans[i]
    if lastAt > outside and not (drops and spans[i + 1] + spans[i + 2] + spans[i + 3] == 0) then
      if merges and last > 0 and spans[last] >= lastAt - (lastAt + origin) % widthAt(at - lastAt) then
        spans[last] = lastAt
        for field = 1, SPAN_FIELDS - 1 do
          spans[last + field] = spans[last + field] + spans[i + field]
        end
      else
        last = last + SPAN_FIELDS
        if last < i then
          for field = 0, SPAN_FIELDS - 1 do
            spans[last + field] = spans[i + field]
          end
        end
      end
    end
  end
  for i = count, last + SPAN_FIELDS, -1 do
    spans[i] = nil
  end
end

local function tidyValues(tally, outside)
  local values, kept = tally[VALUES], {}
  for i = 1, #values, VALUE_FIELDS do
    if values[i + VALUE_AT] > outside and values[i + VALUE_SUM] > 0 then
      for field = i, i + VALUE_FIELDS - 1 do
        kept[#kept + 1] = values[field]
      end
    end
  end
  tally[VALUES] = kept
end

local function tidy(tallies, tally, now)
  local at = tallyMoment(tallies, tally, now)
  local outside = at - tally[HOURS] * HOUR_MS - SPARE_MS
  tidySpans(tally, tallies[BASE] * 1000, at, outside)
  if tally[VALUES] then
    tidyValues(tally, outside)
    local isEmpty = not (tally[SPANS][1] or tally[VALUES][1] or (tally[DAY] or 0) > 0)
    if isEmpty and within(tallies, tally[TRICKLED_AT] or 0) <= outside then
      tally[TRICKLED_AT] = tally[TRICKLED_AT] and 0
    end
  end
end

local function rebaseTallies(tallies, now)
  local oldest = within(tallies, now)
  for part = BASE + 1, TALLIES do
    local spans, values = tallies[part][SPANS] or EMPTY, tallies[part][VALUES] or EMPTY
    oldest = math.min(oldest, spans[1] or oldest)
    for i = 1, #values, VALUE_FIELDS do
      oldest = math.min(oldest, values[i + VALUE_AT])
    end
  end
  local seconds = math.floor(oldest / 1000)
  if seconds == 0 then
    return
  end
  tallies[BASE] = tallies[BASE] + seconds
  for part = BASE + 1, TALLIES do
    local spans, values = tallies[part][SPANS] or EMPTY, tallies[part][VALUES] or EMPTY
    for i = 1, #spans, SPAN_FIELDS do
      spans[i] = spans[i] - 1000 * seconds
    end
    for i = 1, #values, VALUE_FIELDS do
      values[i + VALUE_AT] = values[i + VALUE_AT] - 1000 * seconds
    end
  end
end

-- A tally that is alone at its key, in the small form; nothing when there is more to tell.
local function packSingle(tallies, part)
  local tally = tallies[part]
  local hours, spans, values = tally[HOURS], tally[SPANS], tally[VALUES]
  local lastAt, amount = spans[1], spans[1 + TAKEN]
  if #tally > VALUES or #spans ~= SPAN_FIELDS or spans[1 + UNANSWERED_SUM] ~= amount or spans[1 + CREDITS] > 0 then
    return
  end
  if amount > SINGLE_MOST_AMOUNT or hours > SINGLE_MOST_HOURS then
    return
  end
  local value = ''
  if values then
    value = values[1]
    if #values ~= VALUE_FIELDS or values[1 + VALUE_AT] ~= lastAt or values[1 + VALUE_SUM] ~= amount or value == '' then
      return
    end
  end
  return struct.pack(SINGLE, part, lastAt + tallies[BASE] * 1000, hours, amount) .. value
end

local function saveTallies(key, tallies, now, needMs)
  local isTidied, isLongest, count, single = false, true, 0, nil
  for part = BASE + 1, TALLIES do
    local tally = tallies[part]
    local spans, values = tally[SPANS], tally[VALUES]
    if spans then
      if needMs and (tally[DAY] or 0) > 0 then
        needMs = math.max(needMs, HISTORY_KEPT_MS)
      end
      isLongest = isLongest and needMs and tally[HOURS] * HOUR_MS <= needMs
      -- What has one new span and nothing else is tidy.
      if thinned[tally] or (grown[tally] and (values or spans[SPAN_FIELDS + 1])) then
        tidy(tallies, tally, now)
        isTidied = true
      end
      if values then
        trim(tally)
      end
      if spans[1] or tally[VALUES] then
        count, single = count + 1, part
      else
        tallies[part] = EMPTY
      end
    end
  end
  if isTidied then
    rebaseTallies(tallies, now)
  end
  local packed = count == 1 and packSingle(tallies, single)
  write(key, packed or packParts(tallies), needMs, isLongest)
end
