import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../libs/otp/src/limits/limit-settings.js';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import type { Budget, LimitRequest, OtpStore, RecordKey, RecordKind } from '../../libs/otp/src/stores/otp-store.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';

/** Redis' tables have 32,768 places for this many keys and 1,048,576 for a million: the same load. */
const KEYS = 31_250;
const AT_ONCE = 250;
/** L3: what each key of a flood may cost, with its places in the tables of keys and of times to live. */
const FLOOD_BYTES = 150;

let server: RedisServer;
let store: OtpStore;
let inspector: Redis;
beforeAll(async () => {
  server = await startRedis();
  inspector = new Redis(server.url);
  store = redisStore({ url: server.url });
  await store.connect();
});
afterEach(() => inspector.flushall());
afterAll(async () => {
  await store.close();
  inspector.disconnect();
  await server.stop();
});

async function usedMemory(): Promise<number> {
  const info = await inspector.info('memory');
  return Number(/used_memory:(?<bytes>\d+)/.exec(info)?.groups?.['bytes']);
}

function tally(key: RecordKey, ...budgets: readonly Budget[]): LimitRequest {
  return { key, tally: 'sends', amount: 1, budgets, take: true };
}

function budget(counts: Budget['counts'], windowSeconds: number): Budget {
  return { name: 'budget', counts, windowSeconds, floor: 100, share: 0 };
}

/** What one message leaves behind of each kind; settings as the defaults where size depends on them. */
const FLOODS: readonly [RecordKind, string, (key: RecordKey) => LimitRequest][] = [
  [
    'ip',
    'with its country',
    (key) => ({
      ...tally(key, budget('unanswered', 3600), budget('all', 86_400)),
      distinct: { name: 'countries', value: 'DE', limit: 3, share: 0, windowSeconds: 86_400 },
    }),
  ],
  ['network', 'with two windows', (key) => tally(key, budget('unanswered', 3600), budget('all', 86_400))],
  ['prefix', 'with two windows', (key) => tally(key, budget('unanswered', 3600), budget('unanswered', 86_400))],
  ['pair', 'with a window', (key) => tally(key, budget('all', 86_400))],
  [
    'number',
    'with its log',
    (key) => ({
      key,
      log: 'sends',
      windows: DEFAULT_LIMITS.number.sends.map((window) => ({ name: 'window', ...window })),
      take: true,
    }),
  ],
];

describe('a flood of new keys in Redis', () => {
  it.each(FLOODS)(`case 49 costs less than ${FLOOD_BYTES} bytes for each %s %s`, async (kind, _what, ask) => {
    await store.limits.take([ask({ kind, index: randomBytes(12).toString('base64url') })]);
    await inspector.flushall();
    const before = await usedMemory();
    for (let done = 0; done < KEYS; done += AT_ONCE) {
      const taking = Array.from({ length: AT_ONCE }, () =>
        store.limits.take([ask({ kind, index: randomBytes(12).toString('base64url') })]),
      );
      await Promise.all(taking);
    }
    const bytes = ((await usedMemory()) - before) / KEYS;
    const sample = (await inspector.randomkey()) ?? '';
    const details = { bytes: Math.round(bytes * 10) / 10, value: await inspector.strlen(sample), key: sample.length };
    process.stdout.write(`Redis memory of a flood, for each ${kind}: ${JSON.stringify(details)}\n`);
    expect(await inspector.dbsize()).toBe(KEYS);
    expect(bytes).toBeLessThan(FLOOD_BYTES);
  });
});
