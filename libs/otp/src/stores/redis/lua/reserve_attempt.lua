-- Charges one attempt to a challenge and to every log asked for, or nothing at all. The only place where attempts go
-- down, in one step with reading them: however many answers come at once, no more than the attempts are admitted.
-- KEYS    1 the number's record; 2... other records of the requests, each once
-- ARGV    1 time override in ms or ''; 2 the challenge's id; 3 the requests as a JSON list of numbers (see shared/limits.lua)
-- Result  {1, {at, ...}, hash, sealed, generation, delivery, attempts, sends, expiresAt}: the entries taken, and the
--         challenge as it is afterwards; {0, now, retryAfterMs, request, limit}: a limit refused; {2}: gone;
--         {3}: no attempts left
local key, clock, id, requests = KEYS[1], ARGV[1], ARGV[2], cjson.decode(ARGV[3])
-- @include shared/record.lua
-- @include shared/limits.lua
local now = timeNow(clock)
local record = load(key, now)
local someExpired = dropExpired(record, now)
local challenge = findChallenge(record, id, now)
if not challenge then
  -- Once seen to be over it stays over, even if the server's clock is set back.
  if someExpired then
    save(key, record, now)
  end
  return { 2 }
end
local attempts = record[CHALLENGES][challenge + ATTEMPTS]
if attempts < 1 then
  return { 3 }
end
local records = { record }
for i = 2, #KEYS do
  records[i] = load(KEYS[i], now)
end
local decision = decide(requests, records, now)
if not decision.taken then
  return { 0, describeRefusal(decision, now) }
end
record[CHALLENGES][challenge + ATTEMPTS] = attempts - 1
local answer = { 1, decision.charges, describe(record, challenge) }
decision.needs[1] = decision.needs[1] or 0
for index, needMs in pairs(decision.needs) do
  save(KEYS[index], records[index], now, needMs)
end
return answer
