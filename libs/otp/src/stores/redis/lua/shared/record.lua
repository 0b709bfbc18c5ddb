-- Everything that the store keeps of one number or one IP stands in one string: an eviction takes all of it or nothing
-- (never the counters beside a live challenge), and all of it shares one slot.
--
-- The string is one packed list, used as it is unpacked; empty parts at its end are left out:
--   1  base: whole seconds; all times in the record are ms after it, so that the numbers stay short
--   2  sends, and 4 wrong codes: [hours, entry, entry, ...], oldest first; entry = 4 * at + its state;
--      `hours` is the longest window ever asked of the log: what is younger must not be forgotten
--   3  challenges, six fields each: [blob, generation, delivery, attempts, sends, expiresAt, ...]
--   5  tombstones, two fields each: [id and nonce, removedAt, ...]
local BASE, LOGS, CHALLENGES, TOMBSTONES = 1, { 2, 4 }, 3, 5
local UNANSWERED, ANSWERED, GIVEN_BACK = 0, 1, 2
-- Asked of an entry like a state, and never one that is kept.
local UNDONE = 3
local GENERATION, DELIVERY, ATTEMPTS, SENDS, EXPIRES_AT, CHALLENGE_FIELDS = 1, 2, 3, 4, 5, 6

-- A challenge's blob is id, hash and what the application sealed.
local ID_BYTES, HASH_BYTES = 16, 48
local TOMBSTONE_MS = 30000
local HOUR_MS = 3600000
-- A key outlives its last use by this much, so that Redis' own idea of now can never expire it early.
local SPARE_MS = 1000

-- `override` is a test's clock; the server's own otherwise, so that instances need no common time.
local function timeNow(override)
  if override ~= '' then
    return tonumber(override)
  end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function load(key, now)
  local value = redis.call('GET', key)
  local record = value and cmsgpack.unpack(value) or { math.floor(now / 1000) }
  for part = #record + 1, TOMBSTONES do
    record[part] = {}
  end
  return record
end

local function loadAll(keys, now)
  local records = {}
  for i, key in ipairs(keys) do
    records[i] = load(key, now)
  end
  return records
end

-- A moment as the record counts.
local function within(record, now)
  return now - record[BASE] * 1000
end

local function entryOf(at, state)
  return 4 * at + state
end

local function atOf(entry)
  return math.floor(entry / 4)
end

-- Entries above it are inside a window that ends at `at`.
local function outsideOf(at, windowMs)
  return 4 * (at - windowMs) + 3
end

local function newestAt(log)
  return log[2] and atOf(log[#log])
end

local function pruneLog(log, at)
  local kept = { log[1] }
  -- The newest may yet be undone, and has then ended no other's window.
  local outside = log[2] and outsideOf(math.max(at, newestAt(log)), log[1] * HOUR_MS + SPARE_MS)
  for i = 2, #log do
    if log[i] > outside then
      kept[#kept + 1] = log[i]
    end
  end
  return kept[2] and kept or {}
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
  local at = within(record, now)
  local before = #record[CHALLENGES] + #record[TOMBSTONES]
  record[CHALLENGES] = pruneList(record[CHALLENGES], CHALLENGE_FIELDS, at)
  record[TOMBSTONES] = pruneList(record[TOMBSTONES], 2, at - TOMBSTONE_MS)
  return #record[CHALLENGES] + #record[TOMBSTONES] < before
end

-- Counts from the oldest entry that is left, or records in steady use would grow.
local function rebase(record, now)
  local oldest = within(record, now)
  for _, part in ipairs(LOGS) do
    local first = record[part][2]
    oldest = first and math.min(oldest, atOf(first)) or oldest
  end
  local seconds = math.floor(oldest / 1000)
  if seconds == 0 then
    return
  end
  record[BASE] = record[BASE] + seconds
  for _, part in ipairs(LOGS) do
    for i = 2, #record[part] do
      record[part][i] = record[part][i] - 4000 * seconds
    end
  end
  for i = 1, #record[CHALLENGES], CHALLENGE_FIELDS do
    record[CHALLENGES][i + EXPIRES_AT] = record[CHALLENGES][i + EXPIRES_AT] - 1000 * seconds
  end
  for i = 2, #record[TOMBSTONES], 2 do
    record[TOMBSTONES][i] = record[TOMBSTONES][i] - 1000 * seconds
  end
end

-- `needMs`: how long what was just written is needed. The time to live only ever grows; without `needMs` it stays.
local function save(key, record, now, needMs)
  local at = within(record, now)
  for _, part in ipairs(LOGS) do
    record[part] = pruneLog(record[part], at)
  end
  dropExpired(record, now)
  rebase(record, now)
  while #record > BASE and #record[#record] == 0 do
    table.remove(record)
  end
  if #record == BASE then
    redis.call('DEL', key)
  elseif needMs then
    local ttlMs = math.max(redis.call('PTTL', key), math.ceil(needMs) + SPARE_MS)
    redis.call('SET', key, cmsgpack.pack(record), 'PX', ttlMs)
  else
    redis.call('SET', key, cmsgpack.pack(record), 'KEEPTTL')
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

-- Amendments are four numbers each: record, log, at, and ANSWERED to settle the entry, GIVEN_BACK to give it back or
-- UNDONE to forget it as if it had never been taken.
-- A send that is given back counts in no window any more but still starts its cooldown, until it is answered; all
-- other entries that are given back are forgotten. Returns the records changed.
local function amend(amendments, records)
  local changed = {}
  for first = 1, #amendments, 4 do
    local index, logIndex, at, state = unpack(amendments, first, first + 3)
    local log = records[index][LOGS[logIndex]]
    local i = findEntry(records[index], log, at)
    local current = i and log[i] % 4
    if i and current ~= state then
      changed[index] = true
      local isForgotten = state == UNDONE or current ~= UNANSWERED or (state == GIVEN_BACK and LOGS[logIndex] ~= LOGS[1])
      if isForgotten then
        table.remove(log, i)
      else
        log[i] = log[i] + state
      end
    end
  end
  return changed
end

-- The position of a live challenge's fields.
local function findChallenge(record, id, now)
  local challenges, at = record[CHALLENGES], within(record, now)
  for i = 1, #challenges, CHALLENGE_FIELDS do
    if string.sub(challenges[i], 1, ID_BYTES) == id and challenges[i + EXPIRES_AT] > at then
      return i
    end
  end
end

-- What scripts answer of a challenge. `expiresAt` is the server's time again.
local function describe(record, i)
  local challenges = record[CHALLENGES]
  return string.sub(challenges[i], ID_BYTES + 1, ID_BYTES + HASH_BYTES),
    string.sub(challenges[i], ID_BYTES + HASH_BYTES + 1),
    challenges[i + GENERATION],
    challenges[i + DELIVERY],
    challenges[i + ATTEMPTS],
    challenges[i + SENDS],
    challenges[i + EXPIRES_AT] + record[BASE] * 1000
end
