import type { Redis } from 'ioredis';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import { ManualClock } from '../../libs/otp/src/testing/manual-clock.js';
import type { StoreHarness } from '../../libs/otp/src/testing/store-contract.js';
import type { RedisServer } from './redis-server.js';

/**
 * A Redis store on a clock of its own. Times to live follow the server's clock, so when time passes those of all keys
 * are shortened as much: whatever a case still finds afterwards was given long enough, and the rest is really gone.
 */
export async function redisHarness(
  server: RedisServer,
  { namespace, inspector }: { readonly namespace: string; readonly inspector: Redis },
): Promise<StoreHarness> {
  const clock = new ManualClock();
  const store = redisStore({ url: server.url, namespace, clock });
  await store.connect();
  return {
    store,
    clock,
    elapse: async (ms) => {
      clock.advanceMs(ms);
      for (const key of await inspector.keys(`${namespace}:*`)) {
        const left = await inspector.pttl(key);
        await inspector.pexpire(key, left - ms);
      }
    },
  };
}
