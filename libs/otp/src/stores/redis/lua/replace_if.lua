-- Compare-and-replace: changes or removes a challenge only while it is live and has the generation expected. Of any
-- number of identical calls that remove it, one succeeds.
-- KEYS    1 the number's record; 2... other records of the amendments, each once
-- ARGV    1 time override in ms or ''; 2 the challenge's id; 3 the generation expected; 4 what to do:
--         'code'      5 hash and sealed; 6 ttl in ms
--         'delivery'  5 the state
--         'none'      5 nonce or ''; 6 the amendments as a JSON list of numbers (see shared/record.lua)
-- Result  {1, expiresAt}, or {0, live}: 1 while the challenge is there all the same
local key, clock, id, generation, action = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local subject, argument = ARGV[5], ARGV[6]
-- @include shared/record.lua
local now = timeNow(clock)
local record = load(key, now)
local someExpired = dropExpired(record, now)
local challenge = findChallenge(record, id, now)

if not challenge then
  -- The same call once more, because its answer was lost on the way.
  if action == 'none' and subject ~= '' then
    local tombstones = record[TOMBSTONES]
    for i = 1, #tombstones, 2 do
      if tombstones[i] == id .. subject then
        return { 1, tombstones[i + 1] + record[BASE] * 1000 }
      end
    end
  end
  if someExpired then
    save(key, record, now)
  end
  return { 0, 0 }
end

local challenges = record[CHALLENGES]
if challenges[challenge + GENERATION] ~= generation then
  return { 0, 1 }
end

if action == 'delivery' then
  local expiresAt = challenges[challenge + EXPIRES_AT] + record[BASE] * 1000
  challenges[challenge + DELIVERY] = tonumber(subject)
  save(key, record, now)
  return { 1, expiresAt }
end

if action == 'code' then
  local sends, ttlMs = challenges[challenge + SENDS], tonumber(argument)
  if sends < 1 then
    return { 0, 1 }
  end
  challenges[challenge] = id .. subject
  challenges[challenge + GENERATION] = generation + 1
  challenges[challenge + DELIVERY] = 0
  challenges[challenge + SENDS] = sends - 1
  challenges[challenge + EXPIRES_AT] = within(record, now) + ttlMs
  save(key, record, now, ttlMs)
  return { 1, now + ttlMs }
end

for _ = 1, CHALLENGE_FIELDS do
  table.remove(challenges, challenge)
end
if subject ~= '' then
  table.insert(record[TOMBSTONES], id .. subject)
  table.insert(record[TOMBSTONES], within(record, now))
end
local records = { record }
for i = 2, #KEYS do
  records[i] = load(KEYS[i], now)
end
local changed = amend(cjson.decode(argument), records)
changed[1] = nil
save(key, record, now, subject ~= '' and TOMBSTONE_MS or nil)
for index in pairs(changed) do
  save(KEYS[index], records[index], now)
end
return { 1, now }
