import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import type { OtpStore } from '../../libs/otp/src/stores/otp-store.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';

/**
 * Redis' tables have 65,536 places for this many keys and 131,072 for twice as many: the same load. They grew at 32,768
 * and each write moves a piece, so by the end they have long moved over.
 */
const NUMBERS = 50_000;
const AT_ONCE = 250;
const SEALED_BYTES = 68;
const HASH_BYTES = 48;

let server: RedisServer;
let store: OtpStore;
let inspector: Redis;
beforeAll(async () => {
  server = await startRedis();
  inspector = new Redis(server.url);
  store = redisStore({ url: server.url });
  await store.connect();
});
afterAll(async () => {
  await store.close();
  inspector.disconnect();
  await server.stop();
});

async function usedMemory(): Promise<number> {
  const info = await inspector.info('memory');
  return Number(/used_memory:(?<bytes>\d+)/.exec(info)?.groups?.['bytes']);
}

async function issueOne(): Promise<void> {
  const key = { kind: 'number', index: randomBytes(12).toString('base64url') } as const;
  const windows = [
    { name: 'hour', limit: 5, windowSeconds: 3600 },
    { name: 'day', limit: 10, windowSeconds: 86_400 },
  ];
  const decision = await store.limits.take([{ key, log: 'sends', windows, take: true }]);
  const charges = decision.outcome === 'taken' ? decision.charges : [];
  const [send] = charges.filter((charge) => 'log' in charge);
  if (!send) {
    throw new Error('was refused');
  }
  await store.challenges.create(
    { key, id: randomBytes(16) },
    { hash: randomBytes(HASH_BYTES), sealed: randomBytes(SEALED_BYTES), ttlSeconds: 300, attempts: 5, sends: 2 },
    send,
  );
}

it('a live challenge with its number’s counters costs at most 300 bytes', async () => {
  const before = await usedMemory();
  for (let done = 0; done < NUMBERS; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, issueOne));
  }
  const bytes = ((await usedMemory()) - before) / NUMBERS;
  const sample = (await inspector.randomkey()) ?? '';
  const details = { bytes: Math.round(bytes * 10) / 10, value: await inspector.strlen(sample), key: sample.length };
  process.stdout.write(`Redis memory of a live challenge with its number's counters: ${JSON.stringify(details)}\n`);
  expect(await inspector.dbsize()).toBe(NUMBERS);
  expect(details.value).toBeLessThanOrEqual(156);
  expect(bytes).toBeLessThanOrEqual(300);
});
