import type { Redis } from 'ioredis';

export interface Census {
  readonly keys: number;
  /** The names of keys that would stay for ever. */
  readonly immortal: readonly string[];
  readonly usedBytes: number;
}

/**
 * KEYS: none. ARGV: how many milliseconds have passed. Result: the number of keys left, then the names of those without a
 * time to live. One step, so that nobody sees some keys older than others.
 */
const AGE = `
local passed, left, immortal, cursor = tonumber(ARGV[1]), 0, {}, '0'
repeat
  local page = redis.call('SCAN', cursor, 'COUNT', 1000)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    local ttl = redis.call('PTTL', key)
    if ttl == -1 then
      immortal[#immortal + 1] = key
    elseif ttl > passed and passed > 0 then
      redis.call('PEXPIRE', key, ttl - passed)
    elseif ttl <= passed then
      redis.call('DEL', key)
    end
  end
until cursor == '0'
return { redis.call('DBSIZE'), immortal }
`;

/** Lets time pass for all keys, whose lifetimes follow the server's own clock, and counts them. */
export async function age(inspector: Redis, ms: number): Promise<Census> {
  const answer: unknown = await inspector.eval(AGE, 0, ms);
  const [keys, immortal]: readonly unknown[] = Array.isArray(answer) ? answer : [];
  const memory = /used_memory:(?<bytes>\d+)/.exec(await inspector.info('memory'))?.groups?.['bytes'];
  return {
    keys: Number(keys),
    immortal: Array.isArray(immortal) ? immortal.map(String) : [],
    usedBytes: Number(memory),
  };
}
