-- Compare-and-replace: changes or removes a challenge only while it is live and has the generation expected. Of any
-- number of identical calls that remove it, one succeeds.
-- KEYS    1 the number's record; 2... other records and tallies of the amendments, each once
-- ARGV    1 time override in ms or ''; 2 the challenge's id; 3 the generation expected; 4 what to do:
--         'code'      5 hash and sealed; 6 ttl in ms
--         'delivery'  5 the state, which never goes back
--         'none'      5 nonce or ''; 6 the amendments as a JSON list (see shared/amendments.lua); 7 what an answer
--                     changes, as a JSON list: [] or [knownSeconds, lane, replaces, most, lifetimeSeconds] without a
--                     lane 0; 8 '' or, as a JSON list, the request of shared/budgets.lua that bounds `first` credits
-- Result  {1, expiresAt}, for 'none' {1, expiresAt, done, daily, first}: whether this very call did it, and which
--         credits are earned; or {0, live}: 1 while the challenge is there all the same
local key, clock, id, generation, action = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local subject, argument = ARGV[5], ARGV[6]
-- @include shared/record.lua
-- @include shared/lanes.lua
-- @include shared/challenges.lua
-- @include shared/tally.lua
-- @include shared/tally_saving.lua
-- @include shared/loaded.lua
-- @include shared/decision.lua
-- @include shared/budgets.lua
-- @include shared/amendments.lua
-- @include shared/answered.lua
-- How far a message has come when it is queued, sent, delivered, failed or unknown; what is final comes last.
local PROGRESS = { 0, 2, 3, 3, 1 }
local now = timeNow(clock)
local loaded = open(KEYS, now)
local record = recordAt(loaded, 1)
local someExpired = dropExpired(record, now)
local challenge = findChallenge(record, id, now)

if not challenge then
  -- The same call once more, because its answer was lost on the way.
  if action == 'none' and subject ~= '' then
    local tombstones = record[TOMBSTONES]
    for i = 1, #tombstones, 2 do
      if tombstones[i] == id .. subject then
        return { 1, tombstones[i + 1] + record[BASE] * 1000, 0, 0, 0 }
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
  local present, state = challenges[challenge + DELIVERY], tonumber(subject)
  if PROGRESS[state + 1] <= PROGRESS[present + 1] then
    return { 0, 1 }
  end
  local expiresAt = challenges[challenge + EXPIRES_AT] + record[BASE] * 1000
  challenges[challenge + DELIVERY] = state
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

local answered, amendments, needs = cjson.decode(ARGV[7]), cjson.decode(argument), {}
if answered[1] and isOfLostDevice(record, amendments, now) then
  return { 0, 0 }
end
for _ = 1, CHALLENGE_FIELDS do
  table.remove(challenges, challenge)
end
if subject ~= '' then
  local tombstones = own(record, TOMBSTONES)
  table.insert(tombstones, id .. subject)
  table.insert(tombstones, within(record, now))
end
local isDaily, isFirst = creditsOf(record, answered, now)
if isFirst and ARGV[8] ~= '' then
  local decision = newDecision(now)
  decideTally(cjson.decode(ARGV[8]), 1, 1, loaded, decision)
  isFirst, needs = decision.taken, decision.needs
end
amend(amendments, loaded, { true, isDaily, isFirst }, needs)
needs[1] = subject ~= '' and TOMBSTONE_MS or false
if answered[1] then
  answer(record, answered, amendments, now)
  -- The only time to live that gets shorter: failures in a row are kept for very long, and are over.
  local neededAfterMs = neededMs(record, now)
  saveChanged(loaded, needs)
  redis.call('PEXPIRE', key, math.ceil(neededAfterMs) + SPARE_MS)
else
  saveChanged(loaded, needs)
end
return { 1, now, 1, isDaily and 1 or 0, isFirst and 1 or 0 }
