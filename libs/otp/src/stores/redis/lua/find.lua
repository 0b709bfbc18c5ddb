-- Reads one challenge.
-- KEYS    1 the number's record
-- ARGV    1 time override in ms or ''; 2 the challenge's id
-- Result  {1, now, hash, sealed, generation, delivery, attempts, sends, expiresAt}, or {0}
local key, clock, id = KEYS[1], ARGV[1], ARGV[2]
-- @include shared/record.lua
-- @include shared/challenges.lua
local now = timeNow(clock)
local record = load(key, now)
local challenge = findChallenge(record, id, now)
if not challenge then
  return { 0 }
end
return { 1, now, describe(record, challenge) }
