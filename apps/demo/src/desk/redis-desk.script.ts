/**
 * Adds a batch, once.
 *
 * KEYS  1 the batch's mark   2 events (list)   3 facts by number (hash)   4 numbers by newest fact (sorted set)
 *       5… one hash of counts for each span of ARGV[1]
 * ARGV  1 JSON: markTtl, ttl (seconds), maxEvents, maxNumbers, maxFacts,
 *         spans [{ ttl, counts [name, count]… }], events (newest first), numbers [{ ref, at, facts (newest first) }]
 * Result  1 added, 0 had been added before
 *
 * Facts of a number are lines of JSON. Every key that is written gets its time to live here.
 */
export const ADD_BATCH = `
local mark, events, facts, order = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local batch = cjson.decode(ARGV[1])

if not redis.call('SET', mark, '1', 'NX', 'EX', batch.markTtl) then
  return 0
end

for index, span in ipairs(batch.spans) do
  local key = KEYS[4 + index]
  for _, count in ipairs(span.counts) do
    redis.call('HINCRBY', key, count[1], count[2])
  end
  redis.call('EXPIRE', key, span.ttl)
end

for index = #batch.events, 1, -1 do
  redis.call('LPUSH', events, batch.events[index])
end
redis.call('LTRIM', events, 0, batch.maxEvents - 1)
redis.call('EXPIRE', events, batch.ttl)

for _, number in ipairs(batch.numbers) do
  local lines = number.facts
  for line in string.gmatch(redis.call('HGET', facts, number.ref) or '', '[^\\n]+') do
    if #lines < batch.maxFacts then
      lines[#lines + 1] = line
    end
  end
  redis.call('HSET', facts, number.ref, table.concat(lines, '\\n', 1, math.min(#lines, batch.maxFacts)))
  redis.call('ZADD', order, number.at, number.ref)
end
local surplus = redis.call('ZCARD', order) - batch.maxNumbers
if surplus > 0 then
  for _, ref in ipairs(redis.call('ZRANGE', order, 0, surplus - 1)) do
    redis.call('HDEL', facts, ref)
    redis.call('ZREM', order, ref)
  end
end
redis.call('EXPIRE', facts, batch.ttl)
redis.call('EXPIRE', order, batch.ttl)
return 1
`;
