-- What a number's record keeps beside its public logs, and how a record is saved. Needs record.lua.
--
-- Its state: [answeredAt, knownSeconds, passesUsed, failures, failedAt]; answeredAt in ms, failedAt in whole seconds
-- rounded up; 0 for never. Zeros at its end are left out.
-- A lane: [name, sends, seenAt, wrongCodes, lifetimeSeconds, passesUsed], seenAt in whole seconds rounded up, in the
-- order in which they were last seen; passesUsed 0 is left out. The name is '' for `vouched`, which is there as long as it
-- has entries or used passes, and a device's id.
local ANSWERED_AT, KNOWN_SECONDS, PASSES_USED, FAILURES, FAILED_AT, STATE_FIELDS = 1, 2, 3, 4, 5, 5
local LANE_NAME, SEEN_AT, LIFETIME_SECONDS, LANE_PASSES_USED = 1, 3, 5, 6
local PUBLIC, VOUCHED = 0, ''
-- The other lane that is there without a device: what all but the public one have together.
local TRUSTED = '*'
local FAILURES_SECONDS = 400 * 86400

local function forgetAnswer(record)
  local state = own(record, STATE)
  state[ANSWERED_AT], state[KNOWN_SECONDS], state[PASSES_USED] = 0, 0, 0
  for _, lane in ipairs(record[LANES]) do
    lane[LANE_PASSES_USED] = nil
  end
end

-- The state, to be read and changed; what is over is 0.
local function stateOf(record, now)
  local state = own(record, STATE)
  for field = #state + 1, STATE_FIELDS do
    state[field] = 0
  end
  if state[ANSWERED_AT] > 0 and now >= state[ANSWERED_AT] + state[KNOWN_SECONDS] * 1000 then
    forgetAnswer(record)
  end
  if now >= (state[FAILED_AT] + FAILURES_SECONDS) * 1000 then
    state[FAILURES], state[FAILED_AT] = 0, 0
  end
  return state
end

local function isDevice(name)
  return name ~= VOUCHED and name ~= TRUSTED
end

local function isLaneOver(lane, now)
  if not isDevice(lane[LANE_NAME]) then
    return not (lane[SENDS_LOG][2] or lane[CODES_LOG][2] or (lane[LANE_PASSES_USED] or 0) > 0)
  end
  return now >= (lane[SEEN_AT] + lane[LIFETIME_SECONDS]) * 1000
end

local function findLane(record, name, now)
  for i, lane in ipairs(record[LANES]) do
    if lane[LANE_NAME] == name and not isLaneOver(lane, now) then
      return i
    end
  end
end

-- Where the logs of a lane stand; nothing for a device that the number has not.
local function laneOf(record, name, now)
  if name == PUBLIC then
    return record
  end
  local lane = record[LANES][findLane(record, name, now)]
  if not lane and not isDevice(name) then
    lane = { name, {}, 0, {}, 0 }
    table.insert(own(record, LANES), lane)
  end
  return lane
end

-- Passes that a lane has used, by what laneOf() answers.
local function passesUsedOf(record, holder)
  if holder == record then
    return record[STATE][PASSES_USED] or 0
  end
  return holder[LANE_PASSES_USED] or 0
end

local function setPassesUsed(record, holder, passes, now)
  if holder == record then
    stateOf(record, now)[PASSES_USED] = passes
  else
    holder[LANE_PASSES_USED] = passes > 0 and passes or nil
  end
end

local function countDevices(record, now)
  local count = 0
  for _, lane in ipairs(record[LANES]) do
    if isDevice(lane[LANE_NAME]) and not isLaneOver(lane, now) then
      count = count + 1
    end
  end
  return count
end

local function dropLanes(record, isGone)
  local kept = {}
  for _, lane in ipairs(record[LANES]) do
    if not isGone(lane) then
      kept[#kept + 1] = lane
    end
  end
  record[LANES] = kept
end

-- Forgets what is over, and writes the record.
local function save(key, record, now, needMs)
  local at, lanes = within(record, now), record[LANES]
  local oldest = 4 * at
  if record[STATE][1] then
    trim(stateOf(record, now))
  end
  local isLongest = not (record[STATE][1] or lanes[1] or record[CHALLENGES][1] or record[TOMBSTONES][1])
  for i = 0, #lanes do
    local holder = lanes[i] or record
    for part = SENDS_LOG, CODES_LOG, 2 do
      local log = holder[part]
      if log[1] then
        log = log[2] and pruneLog(log, at) or EMPTY
        holder[part] = log
        if log[2] then
          oldest = log[2] < oldest and log[2] or oldest
          isLongest = isLongest and needMs and log[1] * HOUR_MS <= needMs
        end
      end
    end
  end
  if lanes[1] then
    dropLanes(record, function(lane)
      return isLaneOver(lane, now)
    end)
  end
  dropExpired(record, now)
  if oldest < 0 or oldest >= 4000 then
    rebase(record, math.floor(oldest / 4000))
  end
  write(key, packParts(record), needMs, isLongest)
end
