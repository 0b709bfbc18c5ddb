import { afterAll, beforeAll, describe, it } from 'vitest';
import { storeContract } from '../../libs/otp/src/testing/store-contract.js';
import { startRedisCluster, type RedisCluster } from '../support/redis-cluster.js';
import { redisClusterHarness } from '../support/redis-cluster-harness.js';

describe('the Redis store on a cluster of three masters', () => {
  let cluster: RedisCluster;
  let client: ReturnType<RedisCluster['connect']>;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    client = cluster.connect();
  });
  afterAll(async () => {
    client.disconnect();
    await cluster.stop();
  });

  for (const { name, run } of storeContract({ create: (options) => redisClusterHarness(client, options) })) {
    it(name, run);
  }
});
