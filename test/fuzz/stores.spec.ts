import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { memoryStore } from '../../libs/otp/src/stores/memory/index.js';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import { ManualClock } from '../../libs/otp/src/testing/manual-clock.js';
import type { StoreHarness } from '../../libs/otp/src/testing/store-contract.js';
import { effort } from '../support/effort.js';
import { redisClusterHarness } from '../support/redis-cluster-harness.js';
import { startRedisCluster } from '../support/redis-cluster.js';
import { redisHarness } from '../support/redis-harness.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { assertHolds, FUZZ_TIMEOUT_MS, Tried } from './fuzz.js';
import { burst, sequence } from './stores/calls.js';
import { Stage } from './stores/stage.js';

const timeout = FUZZ_TIMEOUT_MS;
const namespace = `fuzz-${randomBytes(4).toString('hex')}`;

let server: RedisServer;
let inspector: Redis;
let onRedis: StoreHarness;
beforeAll(async () => {
  server = await startRedis();
  inspector = new Redis(server.url);
  onRedis = await redisHarness(server, { namespace, inspector });
});
afterAll(async () => {
  await onRedis.store.close();
  inspector.disconnect();
  await server.stop();
});

async function assertInTurn(createStage: () => Promise<Stage>, runs: number): Promise<void> {
  const tried = new Tried();
  const property = fc.asyncProperty(sequence(40), async (steps) => {
    tried.add('calls', steps.length);
    const stage = await createStage();
    await stage.play(steps);
    return true;
  });
  await assertHolds(property, { runs, tried });
}

describe('A3 B2 E5 any sequence of calls of a store is answered as its model says', () => {
  it('in memory', { timeout }, async () => {
    const create = async () => {
      const clock = new ManualClock();
      return new Stage({ store: memoryStore({ clock }), clock });
    };
    await assertInTurn(create, effort(300, 8_000));
  });

  it('in Redis', { timeout }, async () => {
    const create = async () => {
      await inspector.flushall();
      return new Stage(onRedis);
    };
    await assertInTurn(create, effort(30, 3_000));
  });

  it('in a Redis Cluster', { timeout }, async () => {
    const cluster = await startRedisCluster();
    const client = cluster.connect();
    const harness = await redisClusterHarness(client, { namespace });
    await assertInTurn(async () => new Stage(harness), effort(5, 400));
    await harness.store.close();
    client.disconnect();
    await cluster.stop();
  });
});

describe('A3 B3 calls at the same moment are answered as in some order', () => {
  it('over two connections to Redis', { timeout }, async () => {
    const other = redisStore({ url: server.url, namespace, clock: onRedis.clock });
    await other.connect();
    const tried = new Tried();
    const property = fc.asyncProperty(
      sequence(12),
      fc.array(burst, { minLength: 1, maxLength: 3 }),
      async (steps, bursts) => {
        await inspector.flushall();
        const stage = new Stage(onRedis, [other]);
        await stage.play(steps);
        for (const calls of bursts) {
          tried.add('calls at once', calls.length);
          await stage.playAtOnce(calls);
        }
        return true;
      },
    );
    await assertHolds(property, { runs: effort(40, 4_000), tried });
    await other.close();
  });
});
