import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OtpEvents } from 'nestjs-sms-otp';
import { callHttp, NUMBER, OtpHttpClient } from '../support/http.js';
import { numberOf, type OtpInstances, startInstances } from '../support/otp-instances.js';
import { PUBLIC_URL, ReportingTransport, signedCall, signedReceipts } from '../support/receipts.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { type StoreWrapper, withoutToldReceipts } from '../support/unguarded-store.js';

const AT_ONCE = 50;
const HOUR_MS = 3_600_000;

describe('receipts at two instances on one Redis', () => {
  let redis: RedisServer;
  let inspector: Redis;
  let instances: OtpInstances;
  let provider: ReportingTransport;
  let told: string[];

  beforeAll(async () => {
    redis = await startRedis();
    inspector = new Redis(redis.url);
  });
  afterAll(async () => {
    inspector.disconnect();
    await redis.stop();
  });
  afterEach(() => instances.close());

  const start = async (wrapStore: StoreWrapper = (store) => store) => {
    await inspector.flushall();
    provider = new ReportingTransport(signedReceipts());
    told = [];
    const options = { publicUrl: PUBLIC_URL, transports: [provider] };
    instances = await startInstances({ redis, namespace: 'receipts', wrapStore, ...options });
    for (const { app } of instances.apps) {
      app.get(OtpEvents).on('delivery.reported', ({ state }) => told.push(state));
    }
  };
  const messageMarks = async () =>
    (await inspector.keys('receipts:m:*')).filter((key) => !key.includes('{index-secret}'));
  const begin = async (phoneNumber = NUMBER) => {
    const { body } = await instances.client(0).create({ phoneNumber });
    const messageId = provider.lastTo(phoneNumber)?.messageId ?? '';
    // What is known of a message is written in the background.
    await expect.poll(messageMarks).not.toEqual([]);
    return { challengeId: String(body['challengeId']), messageId };
  };
  const report = async (n: number, receipts: readonly object[]) => {
    const [even, odd] = instances.apps;
    return (await callHttp((n % 2 === 0 ? even : odd).url, signedCall(receipts, { now: even.clock.now() }))).status;
  };
  const reportAtOnce = (receiptOf: (n: number) => object) =>
    Promise.all(Array.from({ length: AT_ONCE }, (_, n) => report(n, [receiptOf(n)])));
  const deliveryOf = async (challengeId: string) =>
    (await new OtpHttpClient(instances.apps[1]).status(challengeId)).body['delivery'];

  it('M1 case 77 the same receipt 50 times at once is one event, and each is answered as received', async () => {
    await start();
    const { challengeId, messageId } = await begin();
    const statuses = await reportAtOnce(() => ({ messageId, state: 'delivered' }));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(told).toEqual(['delivered']);
    expect(await deliveryOf(challengeId)).toBe('delivered');
  });

  it('M1 (with the guard taken out the same race tells it more than once)', async () => {
    await start(withoutToldReceipts());
    const { messageId } = await begin();
    await reportAtOnce(() => ({ messageId, state: 'delivered' }));
    expect(told.length).toBeGreaterThan(1);
  });

  it('M1 of all states at once a final one stays, and each is told once', async () => {
    await start();
    const { challengeId, messageId } = await begin();
    // So that the last of all is none that is final.
    const states = ['failed', 'sent', 'delivered'];
    await reportAtOnce((n) => ({ messageId, state: states[n % states.length] }));
    const final = await deliveryOf(challengeId);
    expect(['delivered', 'failed']).toContain(final);
    expect(told.toSorted()).toEqual(states.toSorted());
    await reportAtOnce(() => ({ messageId, state: 'sent' }));
    await report(0, [{ messageId, state: final === 'failed' ? 'delivered' : 'failed' }]);
    expect(await deliveryOf(challengeId)).toBe(final);
    expect(told).toHaveLength(states.length);
  });

  it('A6 E5 what is kept of a message names neither it nor its number, and is gone after four hours', async () => {
    await start();
    provider.ids.push('SM.named/1234567890');
    const { challengeId } = await begin(numberOf(7));
    await report(0, [{ messageId: 'SM.named/1234567890', state: 'delivered' }]);
    const keys = await messageMarks();
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      const value = (await inspector.get(key)) ?? '';
      const seen = `${key} ${value} ${Buffer.from(value, 'base64').toString('latin1')}`;
      expect(key).toMatch(/^receipts:m:\{[\w-]{16}\}$/);
      for (const secret of ['SM.named', numberOf(7).slice(1), challengeId, 'login', 'acme', '+31']) {
        expect(seen).not.toContain(secret);
      }
      const ttl = await inspector.pttl(key);
      expect(ttl).toBeGreaterThan(4 * HOUR_MS - 60_000);
      expect(ttl).toBeLessThanOrEqual(4 * HOUR_MS);
    }
  });

  it('L1 without Redis a receipt is 503, and its repeat is heard when Redis is back', async () => {
    await start();
    const { challengeId, messageId } = await begin();
    redis.pause();
    const status = await report(0, [{ messageId, state: 'delivered' }]);
    redis.resume();
    expect(status).toBe(503);
    await expect.poll(() => report(0, [{ messageId, state: 'delivered' }])).toBe(200);
    expect(await deliveryOf(challengeId)).toBe('delivered');
    expect(told.length).toBeLessThanOrEqual(1);
  });
});
