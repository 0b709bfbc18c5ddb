-- Charges one attempt to a challenge and to every log and tally asked for, or nothing at all. The only place where
-- attempts go down, in one step with reading them: however many answers come at once, no more than the attempts are
-- admitted.
-- KEYS    1 the number's record; 2... other records and tallies of the requests, each once
-- ARGV    1 time override in ms or ''; 2 the challenge's id; 3 the requests as a JSON list, 4 those that everybody
--         shares or '' (see shared/limits.lua)
-- Result  {1, known, {at, ...}, {request, limit, ...}, hash, sealed, generation, delivery, attempts, sends, expiresAt}:
--         what was taken, what is used up and did not refuse, and the challenge as it is afterwards;
--         {0, now, retryAfterMs, request, limit, {request, limit, ...}}: as take.lua; {2}: gone; {3}: no attempts left
local clock, id, first, shared = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
-- @include shared/record.lua
-- @include shared/lanes.lua
-- @include shared/challenges.lua
-- @include shared/tally.lua
-- @include shared/tally_saving.lua
-- @include shared/loaded.lua
-- @include shared/windows.lua
-- @include shared/decision.lua
-- @include shared/budgets.lua
-- @include shared/limits.lua
local now = timeNow(clock)
local loaded = open(KEYS, now)
local record = recordAt(loaded, 1)
local someExpired = dropExpired(record, now)
local challenge = findChallenge(record, id, now)
if not challenge then
  -- Once seen to be over it stays over, even if the server's clock is set back.
  if someExpired then
    save(KEYS[1], record, now)
  end
  return { 2 }
end
local attempts = record[CHALLENGES][challenge + ATTEMPTS]
if attempts < 1 then
  return { 3 }
end
local decision = decide(first, shared, loaded)
if not decision then
  return { 2 }
end
if not decision.taken then
  return { 0, describeRefusal(decision, now) }
end
record[CHALLENGES][challenge + ATTEMPTS] = attempts - 1
local answer = { 1, decision.known and 1 or 0, decision.charges, decision.usedUp, describe(record, challenge) }
decision.needs[1] = decision.needs[1] or 0
saveChanged(loaded, decision.needs)
return answer
