-- Everything that the store keeps of one number stands in one string: an eviction takes all of it or nothing (never the
-- counters beside a live challenge), and all of it shares one slot. Other kinds may have such a record as well.
--
-- The string is one packed list, used as it is unpacked; empty parts at its end are left out:
--   1  base: whole seconds; all times in the record are ms after it, so that the numbers stay short
--   2  sends, and 4 wrong codes: [hours, entry, entry, ...], oldest first; entry = 4 * at + its state;
--      `hours` is the longest window ever asked of the log: what is younger must not be forgotten. A whole number, but
--      where entries are unnamed (see limits.lua)
--   3  challenges, six fields each: [blob, generation, delivery, attempts, sends, expiresAt, ...]
--   5  tombstones, two fields each: [id and nonce, removedAt, ...]
--   6  what is known of the number (see lanes.lua)
--   7  lanes (see lanes.lua), whose logs stand where the public lane has them: in 2 and 4
local BASE, SENDS_LOG, CHALLENGES, CODES_LOG, TOMBSTONES, STATE, LANES = 1, 2, 3, 4, 5, 6, 7
local UNANSWERED, ANSWERED, GIVEN_BACK = 0, 1, 2
-- Asked of an entry like a state, and never one that is kept.
local UNDONE = 3
local GENERATION, DELIVERY, ATTEMPTS, SENDS, EXPIRES_AT, CHALLENGE_FIELDS = 1, 2, 3, 4, 5, 6

-- A challenge's blob is id, hash and what the application sealed.
local ID_BYTES, HASH_BYTES = 16, 48
local TOMBSTONE_MS = 30000
local HOUR_MS, DAY_MS = 3600000, 86400000
-- A key outlives its last use by this much, so that Redis' own idea of now can never expire it early.
local SPARE_MS = 1000

-- Stands for every part that is not there, and is never written to: most records have few.
local EMPTY = {}

-- `override` is a test's clock; the server's own otherwise, so that instances need no common time.
local function timeNow(override)
  if override ~= '' then
    return tonumber(override)
  end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function unpackRecord(value, now)
  if not value then
    return { math.floor(now / 1000), EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY }
  end
  local record = cmsgpack.unpack(value)
  for part = #record + 1, LANES do
    record[part] = EMPTY
  end
  return record
end

-- A part, to be written to.
local function own(list, part)
  if list[part] == EMPTY then
    list[part] = {}
  end
  return list[part]
end

local function load(key, now)
  return unpackRecord(redis.call('GET', key), now)
end

-- A moment as the record counts.
local function within(record, now)
  return now - record[BASE] * 1000
end

local function entryOf(at, state)
  return 4 * at + state
end

local function atOf(entry)
  return (entry - entry % 4) / 4
end

-- Entries above it are inside a window that ends at `at`.
local function outsideOf(at, windowMs)
  return 4 * (at - windowMs) + 3
end

local function newestAt(log)
  return log[2] and atOf(log[#log])
end

-- What has logs: the record itself for the public lane, and its other lanes.
local function logHolders(record)
  return { record, unpack(record[LANES]) }
end

local function pruneLog(log, at)
  -- The newest may yet be undone, and has then ended no other's window.
  local newest = atOf(log[#log])
  local outside = outsideOf(newest > at and newest or at, log[1] * HOUR_MS + SPARE_MS)
  if log[2] > outside then
    return log
  end
  local kept = { log[1] }
  for i = 2, #log do
    if log[i] > outside then
      kept[#kept + 1] = log[i]
    end
  end
  return kept[2] and kept or EMPTY
end

-- Challenges and tombstones both end with the field that tells when their time is over.
local function pruneList(list, size, at)
  local kept = {}
  for i = 1, #list, size do
    if list[i + size - 1] > at then
      for field = i, i + size - 1 do
        kept[#kept + 1] = list[field]
      end
    end
  end
  return kept
end

-- Forgets challenges and tombstones whose time is over; true when there were any.
local function dropExpired(record, now)
  if not (record[CHALLENGES][1] or record[TOMBSTONES][1]) then
    return false
  end
  local at = within(record, now)
  local before = #record[CHALLENGES] + #record[TOMBSTONES]
  record[CHALLENGES] = pruneList(record[CHALLENGES], CHALLENGE_FIELDS, at)
  record[TOMBSTONES] = pruneList(record[TOMBSTONES], 2, at - TOMBSTONE_MS)
  return #record[CHALLENGES] + #record[TOMBSTONES] < before
end

-- Counts from so much later on, or records in steady use would grow.
local function rebase(record, seconds)
  record[BASE] = record[BASE] + seconds
  for _, holder in ipairs(logHolders(record)) do
    for part = SENDS_LOG, CODES_LOG, 2 do
      for i = 2, #holder[part] do
        holder[part][i] = holder[part][i] - 4000 * seconds
      end
    end
  end
  for i = 1, #record[CHALLENGES], CHALLENGE_FIELDS do
    record[CHALLENGES][i + EXPIRES_AT] = record[CHALLENGES][i + EXPIRES_AT] - 1000 * seconds
  end
  for i = 2, #record[TOMBSTONES], 2 do
    record[TOMBSTONES][i] = record[TOMBSTONES][i] - 1000 * seconds
  end
end

-- A list whose parts are lists, without those at its end that are empty; nothing when all are.
local function packParts(list)
  local last = #list
  while last > BASE and list[last][1] == nil do
    list[last] = nil
    last = last - 1
  end
  return last > BASE and cmsgpack.pack(list) or nil
end

-- `needMs`: how long what was just written is needed. The time to live only ever grows, so the present one is asked for
-- when something else may be needed for longer; without `needMs` it stays.
local function write(key, packed, needMs, isLongest)
  if not packed then
    redis.call('DEL', key)
  elseif needMs then
    local ttlMs = math.ceil(needMs) + SPARE_MS
    ttlMs = isLongest and ttlMs or math.max(redis.call('PTTL', key), ttlMs)
    redis.call('SET', key, packed, 'PX', ttlMs)
  else
    redis.call('SET', key, packed, 'KEEPTTL')
  end
end

-- Cuts a list behind its last field that says anything.
local function trim(list)
  for i = #list, 1, -1 do
    local field = list[i]
    if field ~= 0 and (type(field) ~= 'table' or field[1] ~= nil) then
      return
    end
    list[i] = nil
  end
end

local function findEntry(record, log, at)
  local moment = within(record, at)
  for i = #log, 2, -1 do
    if atOf(log[i]) == moment then
      return i
    end
  end
end
