import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import { ManualClock } from '../../libs/otp/src/testing/manual-clock.js';
import type { StoreHarness } from '../../libs/otp/src/testing/store-contract.js';
import type { RedisCluster } from './redis-cluster.js';

/** As `redisHarness`, over the keys of all servers. */
export async function redisClusterHarness(
  client: ReturnType<RedisCluster['connect']>,
  { namespace }: { readonly namespace: string },
): Promise<StoreHarness> {
  const clock = new ManualClock();
  const store = redisStore({ client, namespace, clock });
  await store.connect();
  return {
    store,
    clock,
    elapse: async (ms) => {
      clock.advanceMs(ms);
      for (const server of client.nodes('master')) {
        for (const key of await server.keys(`${namespace}:*`)) {
          await server.pexpire(key, (await server.pttl(key)) - ms);
        }
      }
    },
  };
}
