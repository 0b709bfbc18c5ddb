import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { storeContract } from '../../libs/otp/src/testing/store-contract.js';
import { redisHarness } from '../support/redis-harness.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';

describe('the Redis store', () => {
  let server: RedisServer;
  let inspector: Redis;
  beforeAll(async () => {
    server = await startRedis();
    inspector = new Redis(server.url);
  });
  afterAll(async () => {
    inspector.disconnect();
    await server.stop();
  });

  for (const { name, run } of storeContract({
    create: ({ namespace }) => redisHarness(server, { namespace, inspector }),
  })) {
    it(name, run);
  }
});
