import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { OtpStore } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RecordIndex } from '../../libs/otp/src/secrets/record-index.js';
import type { LogRequest } from '../../libs/otp/src/stores/otp-store.js';
import { callHttp } from '../support/http.js';
import { startOtpApp, TEST_INDEX_SECRET } from '../support/otp-app.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { throttledControllers } from '../support/throttled-app.js';

/** Keys outlive what they hold by a second; the rest is room for the time that the test itself takes. */
const SLACK_MS = 30_000;
/** A request in a record, and how many a record keeps: those of a second more than the window, so of two bursts. */
const BYTES = 5;
const MOST_ENTRIES = 2000;
const index = new RecordIndex(TEST_INDEX_SECRET, 'otp');

describe('records of @OtpThrottle in Redis', () => {
  let server: RedisServer;
  let inspector: Redis;
  let namespace: string;
  beforeAll(async () => {
    server = await startRedis();
    inspector = new Redis(server.url);
  });
  afterAll(async () => {
    inspector.disconnect();
    await server.stop();
  });
  beforeEach(() => {
    namespace = `t${randomBytes(8).toString('hex')}`;
  });

  const records = () => inspector.keys(`${namespace}:{r*`);

  it('E5 E6 each limit and key has one record that is gone after its window, and nothing is in clear', async () => {
    const { controllers } = throttledControllers();
    const store = redisStore({ url: server.url, namespace });
    const otp = await startOtpApp({ store, metadata: { controllers } });
    for (const account of ['secret-account', 'other-account']) {
      const headers = { 'X-Account': account };
      expect((await callHttp(otp.url, { path: '/two', headers })).status).toBe(200);
    }
    const keys = await records();
    expect(keys).toHaveLength(4);
    const lifetimes = await Promise.all(keys.map((key) => inspector.pttl(key)));
    const [, short = 0, , long = 0] = lifetimes.toSorted((one, other) => one - other);
    expect(short).toBeGreaterThan(0);
    expect(short).toBeLessThanOrEqual(11_000);
    expect(long).toBeGreaterThan(3_600_000 - SLACK_MS);
    expect(long).toBeLessThanOrEqual(3_601_000);
    const values = await Promise.all(keys.map((key) => inspector.get(key)));
    expect(JSON.stringify([keys, values])).not.toMatch(/account|two\.|burst/);
    await otp.close();
  });

  const ask = (limit: number, windowSeconds: number): LogRequest => ({
    key: index.throttle({ name: 'quote', windowSeconds, key: 'ada' }),
    log: 'sends',
    windows: [{ name: 'quote', limit, windowSeconds }],
    unnamed: true,
    take: true,
  });
  const connect = async (clock: ManualClock): Promise<OtpStore> => {
    const store = redisStore({ client: inspector, namespace, clock });
    await store.connect();
    return store;
  };
  const bytes = async () => {
    const [key = expect.fail('no record')] = await records();
    return (await inspector.getBuffer(key))?.length ?? 0;
  };

  it('case 49 the largest limit takes 10 kB at most, however long the traffic lasts', async () => {
    const clock = new ManualClock();
    const store = await connect(clock);
    const request = ask(1000, 86_400);
    let largest = 0;
    for (let day = 0; day < 5; day++) {
      const decisions = await Promise.all(Array.from({ length: 1100 }, () => store.limits.take([request])));
      expect(decisions.filter(({ outcome }) => outcome === 'taken')).toHaveLength(1000);
      largest = Math.max(largest, await bytes());
      clock.advanceSeconds(86_400);
    }
    expect(largest).toBeLessThan(MOST_ENTRIES * BYTES + 20);
    await store.close();
  });

  it('case 49 a window of a second keeps no more than two seconds of requests', async () => {
    const clock = new ManualClock();
    const store = await connect(clock);
    const request = ask(100, 1);
    for (let second = 0; second < 20; second++) {
      await Promise.all(Array.from({ length: 100 }, () => store.limits.take([request])));
      clock.advanceSeconds(1);
    }
    expect(await bytes()).toBeLessThan(200 * BYTES + 20);
    await store.close();
  });
});
