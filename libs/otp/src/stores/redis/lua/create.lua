-- Adds a challenge to its number's record, if the send that was taken for it is still counted there.
-- KEYS    1 the number's record
-- ARGV    1 time override in ms or ''; 2 blob (id, hash, sealed); 3 ttl in ms; 4 attempts; 5 sends; 6 log (its part of
--         the record), 7 `at` and 8 lane of the send
-- Result  {1, expiresAt}, or {0}: the send is gone (eviction, flush), or the id is in use
local key, clock, blob, ttlMs = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local attempts, sends, part, at = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local lane = cjson.decode(ARGV[8])
-- @include shared/record.lua
-- @include shared/lanes.lua
-- @include shared/challenges.lua
local now = timeNow(clock)
local record = load(key, now)
local holder = laneOf(record, lane[1], now)
local log = holder and holder[part] or EMPTY
local send = findEntry(record, log, at)
local isCounted = send and log[send] % 4 ~= GIVEN_BACK
if not isCounted or findChallenge(record, string.sub(blob, 1, ID_BYTES), now) then
  return { 0 }
end
local challenges = own(record, CHALLENGES)
for _, field in ipairs({ blob, 1, 0, attempts, sends, within(record, now) + ttlMs }) do
  challenges[#challenges + 1] = field
end
save(key, record, now, ttlMs)
return { 1, now + ttlMs }
