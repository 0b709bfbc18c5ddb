-- What a right code changes of its number. Needs record.lua, lanes.lua and amendments.lua.

-- Whether credits of `daily` and `first` are earned, as far as the number says.
local function creditsOf(record, answered, now)
  local answeredAt = stateOf(record, now)[ANSWERED_AT]
  local isDaily = answeredAt == 0 or math.floor(answeredAt / DAY_MS) < math.floor(now / DAY_MS)
  local isFirst = answered[1] ~= nil and (answeredAt == 0 or answeredAt <= now - answered[1] * 1000)
  return isDaily, isFirst
end

-- Adds a device's lane, in the place of `replaces` where that is there, with all its passes; above `most` the one last
-- seen longest ago goes.
local function remember(record, name, replaces, most, lifetimeSeconds, now)
  local lanes, found = own(record, LANES), findLane(record, name, now) or findLane(record, replaces, now)
  local lane = found and table.remove(lanes, found) or { name, {}, 0, {}, 0 }
  lane[LANE_NAME], lane[SEEN_AT], lane[LIFETIME_SECONDS] = name, math.ceil(now / 1000), lifetimeSeconds
  lane[LANE_PASSES_USED] = nil
  table.insert(lanes, lane)
  local surplus = countDevices(record, now) - most
  dropLanes(record, function(other)
    local isSurplus = surplus > 0 and isDevice(other[LANE_NAME]) and not isLaneOver(other, now)
    surplus = isSurplus and surplus - 1 or surplus
    return isSurplus
  end)
end

-- How long anything of a record is needed.
local function neededMs(record, now)
  local at, state = within(record, now), stateOf(record, now)
  local endsAt = within(record, state[ANSWERED_AT] + state[KNOWN_SECONDS] * 1000)
  for _, holder in ipairs(logHolders(record)) do
    for part = SENDS_LOG, CODES_LOG, 2 do
      local log = holder[part]
      endsAt = log[2] and math.max(endsAt, newestAt(log) + log[1] * HOUR_MS) or endsAt
    end
  end
  for _, lane in ipairs(record[LANES]) do
    endsAt = math.max(endsAt, within(record, (lane[SEEN_AT] + lane[LIFETIME_SECONDS]) * 1000))
  end
  for i = 1, #record[CHALLENGES], CHALLENGE_FIELDS do
    endsAt = math.max(endsAt, record[CHALLENGES][i + EXPIRES_AT])
  end
  for i = 2, #record[TOMBSTONES], 2 do
    endsAt = math.max(endsAt, record[TOMBSTONES][i] + TOMBSTONE_MS)
  end
  return math.max(endsAt - at, 1)
end

-- Whether one of the lanes that are settled is of a device that the number has no more.
local function isOfLostDevice(record, amendments, now)
  for i = 1, #amendments, AMENDMENT_FIELDS do
    local index, kind, _, action, name = unpack(amendments, i, i + 4)
    if index == 1 and kind < AMENDED_TALLY_KIND and action == ANSWERED and not laneOf(record, name, now) then
      return true
    end
  end
  return false
end

-- `answered` and `amendments` as in replace_if.lua. The lanes of what is settled have all their passes again.
local function answer(record, answered, amendments, now)
  local knownSeconds, lane, replaces, most, lifetimeSeconds = unpack(answered)
  local state = stateOf(record, now)
  state[ANSWERED_AT], state[KNOWN_SECONDS], state[FAILURES], state[FAILED_AT] = now, knownSeconds, 0, 0
  for i = 1, #amendments, AMENDMENT_FIELDS do
    local index, kind, _, action, name = unpack(amendments, i, i + 4)
    local holder = index == 1 and kind < AMENDED_TALLY_KIND and action == ANSWERED and laneOf(record, name, now)
    if holder then
      setPassesUsed(record, holder, 0, now)
    end
  end
  if lane ~= PUBLIC then
    remember(record, lane, replaces, most, lifetimeSeconds, now)
  end
end
