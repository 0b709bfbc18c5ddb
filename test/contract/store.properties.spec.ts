import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { memoryStore } from '../../libs/otp/src/stores/memory/index.js';
import type { LogCharge, LogRequest, OtpStore } from '../../libs/otp/src/stores/otp-store.js';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import { ManualClock } from '../../libs/otp/src/testing/manual-clock.js';
import { LimitModel } from '../support/limit-model.js';
import { startRedisCluster } from '../support/redis-cluster.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';

const number = { kind: 'number', index: 'n'.repeat(16) } as const;
const ip = { kind: 'ip', index: 'i'.repeat(16) } as const;

/** Each log is always asked with the same windows, as an application does. */
const numberSends: LogRequest = {
  key: number,
  log: 'sends',
  windows: [
    { name: 'hour', limit: 3, windowSeconds: 3600 },
    { name: 'day', limit: 6, windowSeconds: 86_400 },
  ],
  cooldown: { name: 'cooldown', stepsSeconds: [30, 60, 120], windowSeconds: 3600 },
  take: true,
};
const numberWrongCodes: LogRequest = {
  key: number,
  log: 'wrongCodes',
  windows: [{ name: 'lock', limit: 2, windowSeconds: 7200 }],
  take: true,
};
const ipSends: LogRequest = {
  key: ip,
  log: 'sends',
  windows: [
    { name: 'unanswered', limit: 3, windowSeconds: 3600, counts: 'unanswered' },
    { name: 'all', limit: 5, windowSeconds: 10_800 },
  ],
  take: true,
};

const takes: readonly (readonly LogRequest[])[] = [
  [numberSends, { ...numberWrongCodes, take: false }, ipSends],
  [numberWrongCodes],
  [ipSends],
  [{ ...numberSends, take: false }],
  [numberSends],
];

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const), which: fc.nat(takes.length - 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('giveBack' as const, 'settle' as const), charge: fc.nat(50) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      ms: fc.oneof(fc.integer({ min: -5_000, max: 200_000 }), fc.nat(90_000_000)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Runs the same steps on store and model; every answer must be the same. */
async function compare(
  store: OtpStore,
  clock: ManualClock,
  { steps, refusalsWrite }: { readonly steps: readonly Step[]; readonly refusalsWrite: boolean },
) {
  const model = new LimitModel();
  const charges: LogCharge[] = [];
  let lastWaitMs = 0;
  // Writing forgets what is over by then, which the model never does: time goes back no further than that.
  let writtenAt = clock.now();
  for (const action of steps) {
    if (action.do === 'move') {
      clock.set(Math.max(writtenAt, clock.now() + action.ms));
    } else if (action.do === 'wait') {
      clock.advanceMs(lastWaitMs);
    } else if (action.do === 'take') {
      const requests = takes[action.which] ?? [];
      const now = clock.now();
      const expected = model.take(requests, now);
      const answer = await store.limits.take(requests);
      assert.ok(answer.outcome !== 'no_such_lane');
      const actual =
        answer.outcome === 'refused'
          ? { outcome: answer.outcome, retryAfterMs: answer.retryAfterMs }
          : { outcome: answer.outcome, charges: answer.charges, nextAt: answer.nextAt };
      assert.deepEqual(actual, expected);
      assert.equal(answer.now, now);
      lastWaitMs = expected.outcome === 'refused' ? expected.retryAfterMs : 0;
      writtenAt = expected.outcome === 'taken' || refusalsWrite ? now : writtenAt;
      if (expected.outcome === 'taken') {
        charges.push(...expected.charges);
      }
    } else {
      const charge = charges[action.charge % Math.max(charges.length, 1)];
      if (!charge) {
        continue;
      }
      model[action.do](charge);
      await store.limits[action.do]([charge]);
      writtenAt = clock.now();
    }
  }
}

function property(create: (clock: ManualClock) => Promise<OtpStore>, { refusalsWrite = false } = {}) {
  return fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const clock = new ManualClock();
    const store = await create(clock);
    await compare(store, clock, { steps, refusalsWrite });
    await store.close();
  });
}

describe('limits do what a brute-force model does', () => {
  let server: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.url);
  });
  afterAll(async () => {
    client.disconnect();
    await server.stop();
  });

  it('in memory', async () => {
    await fc.assert(
      property(async (clock) => memoryStore({ clock })),
      { numRuns: 500 },
    );
  });

  it('in Redis', async () => {
    const create = async (clock: ManualClock) => {
      const store = redisStore({ client, clock, namespace: `t${randomBytes(8).toString('hex')}` });
      await store.connect();
      return store;
    };
    await fc.assert(property(create), { numRuns: 60 });
  });

  it('in a Redis Cluster', async () => {
    const cluster = await startRedisCluster();
    const application = cluster.connect();
    const create = async (clock: ManualClock) => {
      const store = redisStore({ client: application, clock, namespace: `t${randomBytes(8).toString('hex')}` });
      await store.connect();
      return store;
    };
    // What other records took before one refused is undone.
    await fc.assert(property(create, { refusalsWrite: true }), { numRuns: 30 });
    application.disconnect();
    await cluster.stop();
  });
});
