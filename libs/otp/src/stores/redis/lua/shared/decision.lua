-- The answer of all limits of a call at once.

local function newDecision(now)
  return { taken = true, charges = {}, needs = {}, nextAt = now, position = 0, waitMs = 0, request = 0, limit = 0, usedUp = {}, refusedBy = {} }
end

-- A limit that is used up: the position of its request, and its own within that.
local function noteUsedUp(usedUp, position, limit)
  usedUp[#usedUp + 1] = position
  usedUp[#usedUp + 1] = limit
end

-- The longest wait is told, and of two the first.
local function refuse(decision, position, limit, waitMs)
  decision.taken = false
  noteUsedUp(decision.refusedBy, position, limit)
  if waitMs > decision.waitMs then
    decision.waitMs, decision.request, decision.limit = waitMs, position, limit
  end
end

local function noteTaken(decision, index, at, needMs)
  local charges, needs = decision.charges, decision.needs
  charges[#charges + 1] = at
  if not needs[index] or needMs > needs[index] then
    needs[index] = needMs
  end
end

-- What all scripts that take answer to a refusal, after their own status.
local function describeRefusal(decision, now)
  return now, decision.waitMs, decision.request, decision.limit, decision.refusedBy
end
