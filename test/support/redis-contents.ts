import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** All keys with a digest of what they hold: equal as long as nobody wrote. Times to live are left out. */
export async function redisContents(inspector: Redis): Promise<readonly (readonly [key: string, digest: string])[]> {
  const keys = (await inspector.keys('*')).toSorted();
  return Promise.all(
    keys.map(async (key) => {
      const value = await inspector.dumpBuffer(key);
      return [key, createHash('sha256').update(value).digest('hex')] as const;
    }),
  );
}
