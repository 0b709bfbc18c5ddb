-- Records and tallies by the position of their keys, read together and unpacked when they are asked for. Needs record.lua,
-- lanes.lua and tally_saving.lua.

local function open(keys, now)
  local values = keys[1] and redis.call('MGET', unpack(keys)) or {}
  return { keys = keys, now = now, values = values, records = {}, tallies = {} }
end

local function recordAt(loaded, index)
  local record = loaded.records[index]
  if not record then
    record = unpackRecord(loaded.values[index], loaded.now)
    loaded.records[index] = record
  end
  return record
end

local function talliesAt(loaded, index)
  local tallies = loaded.tallies[index]
  if not tallies then
    tallies = unpackTallies(loaded.values[index], loaded.now)
    loaded.tallies[index] = tallies
  end
  return tallies
end

-- `needs`: for each key that changed how long it is needed, or false when that is no longer than before.
local function saveChanged(loaded, needs)
  for index, needMs in pairs(needs) do
    local key, tallies = loaded.keys[index], loaded.tallies[index]
    if tallies then
      saveTallies(key, tallies, loaded.now, needMs)
    else
      save(key, loaded.records[index], loaded.now, needMs)
    end
  end
end
