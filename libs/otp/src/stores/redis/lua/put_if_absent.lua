-- Writes a mark once. (SET with NX and GET together needs Redis 7.)
-- KEYS    1 the mark
-- ARGV    1 value; 2 ttl in ms
-- Result  the value that was there, or nothing when this call wrote it
local key, value, ttlMs = KEYS[1], ARGV[1], ARGV[2]
local present = redis.call('GET', key)
if not present then
  redis.call('SET', key, value, 'PX', ttlMs)
end
return present
