-- Challenges of a loaded record. Needs record.lua.

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
