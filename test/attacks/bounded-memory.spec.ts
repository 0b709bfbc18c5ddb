import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Redis } from 'ioredis';
import { memoryStore, type OtpStore } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LimitPolicy } from '../../libs/otp/src/limits/limit-policy.js';
import { DEFAULT_LIMITS } from '../../libs/otp/src/limits/limit-settings.js';
import { RecordIndex } from '../../libs/otp/src/secrets/record-index.js';
import type { LimitRequest, RecordKind } from '../../libs/otp/src/stores/otp-store.js';
import { clientAt } from '../support/deployments.js';
import { effort } from '../support/effort.js';
import { expectProblem } from '../support/expect-problem.js';
import { wrongCode } from '../support/http.js';
import { DAY, numberApart, WIDE_SHARED_LIMITS } from '../support/limits.js';
import { startOtpApp, TEST_INDEX_SECRET } from '../support/otp-app.js';
import { addressOf, numberOf } from '../support/otp-instances.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';

const HANDSET = '+31612345678';
const index = new RecordIndex(TEST_INDEX_SECRET, 'otp');
const message = new LimitPolicy(DEFAULT_LIMITS, index).send({
  number: index.number(HANDSET),
  lane: 'public',
  ipGroup: '2001:db8:1:2::/64',
  destination: { handsetKey: HANDSET, country: 'NL' },
  channel: 'sms',
});

/** Taken when a number answers. */
const pair: LimitRequest = {
  key: index.pair('192.0.2.7', '+3161234'),
  tally: 'sends',
  amount: 1,
  budgets: [{ name: 'pair', counts: 'all', windowSeconds: DAY, floor: 3, share: 0 }],
  take: true,
};

/** What one message takes of one kind of record, for the n-th of that kind. */
function requestsOf(kind: RecordKind, n: number): LimitRequest[] {
  const key = { kind, index: n.toString(36).padStart(16, '0') };
  const [first] = message.filter((request) => request.key.kind === kind && request.take);
  const others = message.filter((request) => request.key.kind === kind && !request.take);
  return kind === 'pair' ? [{ ...pair, key }] : [first ?? pair, ...others].map((request) => ({ ...request, key }));
}

async function flood(store: OtpStore, requests: (n: number) => LimitRequest[], count: number): Promise<void> {
  const atOnce = 50;
  for (let done = 0; done < count; done += atOnce) {
    const decisions = await Promise.all(
      Array.from({ length: atOnce }, (_, n) => store.limits.take(requests(done + n))),
    );
    expect(decisions.every(({ outcome }) => outcome === 'taken')).toBe(true);
  }
}

describe('case 49 a flood of keys, in Redis', () => {
  /** Redis' two tables have 16,384 places for this many keys: as full as with a million, for which they have 1,048,576. */
  const KEYS = 15_600;
  /** Of the kind that costs most, in the long form, in truth as many. */
  const MILLION = 998_400;
  const MOST_BYTES = 150;
  let redis: RedisServer;
  let inspector: Redis;
  let store: OtpStore;
  beforeAll(async () => {
    redis = await startRedis();
    inspector = new Redis(redis.url);
    store = redisStore({ url: redis.url });
    await store.connect();
  });
  afterAll(async () => {
    await store.close();
    inspector.disconnect();
    await redis.stop();
  });

  async function usedMemory(): Promise<number> {
    return Number(/used_memory:(?<bytes>\d+)/.exec(await inspector.info('memory'))?.groups?.['bytes']);
  }

  const kinds: readonly RecordKind[] = ['number', 'ip', 'network', 'prefix', 'pair'];

  it.each(kinds)(
    `a key of kind %s costs less than ${MOST_BYTES} bytes, its place in Redis' tables included`,
    async (kind) => {
      const keys = kind === 'number' ? effort(KEYS, MILLION) : KEYS;
      const requests = (n: number) => requestsOf(kind, n);
      // Scripts and buffers are not the keys'.
      await flood(store, requests, 50);
      await inspector.flushall();
      const before = await usedMemory();
      await flood(store, requests, keys);
      const bytes = ((await usedMemory()) - before) / keys;
      process.stdout.write(`Redis bytes for each ${kind}: ${bytes.toFixed(1)}\n`);
      expect(await inspector.dbsize()).toBe(keys);
      expect(bytes).toBeLessThan(MOST_BYTES);
      expect(await inspector.ttl((await inspector.randomkey()) ?? '')).toBeGreaterThan(0);
    },
    effort(30_000, 300_000),
  );
});

describe('case 49 a flood of keys, in the memory store', () => {
  const FLOOD = effort(100_000, 1_000_000);

  it(
    `${FLOOD} numbers and addresses take no more memory than as many as have room`,
    async () => {
      setFlagsFromString('--expose-gc');
      const heap = () => {
        runInNewContext('gc()');
        return process.memoryUsage().heapUsed;
      };
      const store = memoryStore({ clock: new ManualClock(), maxNumbers: 2_000, maxIps: 2_000 });
      const both = (n: number) => [...requestsOf('number', n), ...requestsOf('ip', n)];
      await flood(store, both, 4_000);
      const full = heap();
      await flood(store, (n) => both(4_000 + n), FLOOD);
      // 98,000 records more would be some 50 MB.
      expect(heap() - full).toBeLessThan(10_000_000);
    },
    effort(30_000, 300_000),
  );

  it('B2 B6 no flood makes it forget who is locked', async () => {
    const clock = new ManualClock();
    const otp = await startOtpApp({
      clock,
      store: memoryStore({ clock, maxNumbers: 40, maxIps: 40 }),
      trustedProxies: ['loopback'],
      limits: { ...WIDE_SHARED_LIMITS, number: { cooldownSeconds: [1] } },
    });
    try {
      const guesser = clientAt(otp, addressOf(0));
      const victim = numberApart(0);
      for (let challenge = 0; challenge < 3; challenge++) {
        const { challengeId, code } = await guesser.start(victim);
        for (let guess = 0; guess < 5; guess++) {
          expect((await guesser.verify(challengeId, wrongCode(code))).status).toBe(422);
        }
        clock.advanceSeconds(1);
      }
      const busy: number[] = [];
      for (let n = 1; n <= 200; n++) {
        const { status } = await clientAt(otp, addressOf(n)).create({ phoneNumber: numberOf(n) });
        busy.push(...(status === 201 ? [] : [status]));
        clock.advanceSeconds(n % 30 === 0 ? 301 : 1);
      }
      expect(busy).toEqual([]);
      expectProblem(await clientAt(otp, addressOf(300)).create({ phoneNumber: victim }), 429, 'throttled');
    } finally {
      await otp.close();
    }
  });
});
