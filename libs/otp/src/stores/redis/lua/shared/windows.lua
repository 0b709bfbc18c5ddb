-- Sliding windows and cooldowns over the logs of loaded records. Needs record.lua. All times are the record's own.

-- The first moment from `at` on when the window admits one more: when the limit-th newest entry has left it.
local function windowAdmitsAt(log, at, limit, windowMs, unanswered)
  if limit < 1 then
    return at + windowMs
  end
  local outside, counted = outsideOf(at, windowMs), 0
  for i = #log, 2, -1 do
    local entry = log[i]
    if entry <= outside then
      return at
    end
    local state = entry % 4
    if state == UNANSWERED or (state == ANSWERED and unanswered == 0) then
      counted = counted + 1
      if counted == limit then
        return atOf(entry) + windowMs
      end
    end
  end
  return at
end

-- The first moment from `at` on when the cooldown admits one more. Waiting, older entries leave the window and the
-- step may become a shorter one, so each count of entries left has its own span of time.
-- The steps stand in `requests` from `first` on.
local function cooldownAdmitsAt(log, at, windowMs, requests, first, steps)
  local outside, inside = outsideOf(at, windowMs), {}
  for i = #log, 2, -1 do
    local entry = log[i]
    if entry <= outside then
      break
    end
    if entry % 4 ~= ANSWERED then
      inside[#inside + 1] = atOf(entry)
    end
  end
  local from = at
  for count = #inside, 1, -1 do
    local admits = math.max(from, inside[1] + requests[first - 1 + math.min(count, steps)])
    local leaves = inside[count] + windowMs
    if admits < leaves then
      return admits
    end
    from = leaves
  end
  return from
end
