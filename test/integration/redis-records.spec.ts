import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import type { ChallengeRef, LogCharge, LogRequest, OtpStore } from '../../libs/otp/src/stores/otp-store.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';

const HOUR_MS = 3_600_000;
/** Keys outlive what they hold by a second; the rest is room for the time that the test itself takes. */
const SLACK_MS = 30_000;

let server: RedisServer;
let inspector: Redis;
let store: OtpStore;
beforeAll(async () => {
  server = await startRedis();
  inspector = new Redis(server.url);
});
afterAll(async () => {
  inspector.disconnect();
  await server.stop();
});
beforeEach(async () => {
  store = redisStore({ client: inspector });
  await store.connect();
});
afterEach(async () => {
  await store.close();
  await inspector.flushall();
});

const number = { kind: 'number', index: 'AAAAAAAAAAAAAAA1' } as const;
const ip = { kind: 'ip', index: 'AAAAAAAAAAAAAAA2' } as const;
const NUMBER_KEY = 'otp:{nAAAAAAAAAAAAAAA1}';

function ask(windowSeconds: number, overrides: Partial<LogRequest> = {}): LogRequest {
  return { key: number, log: 'sends', windows: [{ name: 'w', limit: 50, windowSeconds }], take: true, ...overrides };
}

async function take(...requests: LogRequest[]): Promise<readonly LogCharge[]> {
  const decision = await store.limits.take(requests);
  const charges = decision.outcome === 'taken' ? decision.charges : expect.fail('refused');
  return charges.filter((charge) => 'log' in charge);
}

async function issue(ttlSeconds = 300): Promise<ChallengeRef> {
  const [send = expect.fail('nothing taken')] = await take(ask(3600));
  const ref = { key: number, id: randomBytes(16) };
  const challenge = { hash: randomBytes(48), sealed: randomBytes(68), ttlSeconds, attempts: 5, sends: 2 };
  expect(await store.challenges.create(ref, challenge, send)).toMatchObject({ outcome: 'created' });
  return ref;
}

async function expectTtl(key: string, ms: number): Promise<void> {
  const ttl = await inspector.pttl(key);
  expect(ttl).toBeGreaterThan(ms - SLACK_MS);
  expect(ttl).toBeLessThan(ms + SLACK_MS);
}

describe('keys of the Redis store', () => {
  it('E5 E6 every operation leaves keys of known form, each with a time to live', async () => {
    const ref = await issue();
    const charges = await take(ask(3600, { key: ip }), ask(3600, { key: ip, log: 'wrongCodes' }));
    await store.challenges.reserveAttempt(ref, [ask(86_400, { log: 'wrongCodes' })]);
    await store.challenges.replaceIf(ref, 1, { kind: 'delivery', delivery: 'sent' });
    const code = { hash: randomBytes(48), sealed: randomBytes(68), ttlSeconds: 300 };
    await store.challenges.replaceIf(ref, 1, { kind: 'code', code });
    await store.challenges.replaceIf(ref, 2, { kind: 'none', settle: charges, nonce: randomBytes(8) });
    await store.limits.settle(charges);
    await store.limits.clear(number, ['sends']);
    await store.marks.putIfAbsent('used', '1', 60);
    const keys = await inspector.keys('*');
    expect(keys.toSorted()).toEqual(['otp:m:{used}', 'otp:{iAAAAAAAAAAAAAAA2}', NUMBER_KEY]);
    for (const key of keys) {
      expect(await inspector.pttl(key)).toBeGreaterThan(0);
    }
    await expectTtl('otp:m:{used}', 60_000);
  });

  it('a time to live grows with what needs it and never shrinks', async () => {
    await take(ask(60));
    await expectTtl(NUMBER_KEY, 60_000);
    await take(ask(7200));
    await expectTtl(NUMBER_KEY, 2 * HOUR_MS);
    // Seen to fail with the present time to live taken out of save() in lua/shared/record.lua.
    await take(ask(60));
    await expectTtl(NUMBER_KEY, 2 * HOUR_MS);
    await issue(3 * 3600);
    await expectTtl(NUMBER_KEY, 3 * HOUR_MS);
  });

  it('B6 settling, giving back, clearing and refusing extend nothing', async () => {
    const [send = expect.fail('nothing taken'), wrong = expect.fail('nothing taken')] = await take(
      ask(86_400),
      ask(86_400, { log: 'wrongCodes' }),
    );
    await take(ask(86_400));
    await inspector.pexpire(NUMBER_KEY, HOUR_MS);
    await store.limits.settle([send]);
    await store.limits.giveBack([wrong]);
    await store.limits.clear(number, ['wrongCodes']);
    await store.limits.take([ask(86_400, { windows: [{ name: 'full', limit: 1, windowSeconds: 86_400 }] })]);
    await expectTtl(NUMBER_KEY, HOUR_MS);
  });

  it('a record that became empty is deleted', async () => {
    await store.limits.giveBack(
      await take(ask(3600, { log: 'wrongCodes' }), ask(3600, { key: ip, log: 'wrongCodes' })),
    );
    expect(await inspector.keys('*')).toEqual([]);
    await take(ask(3600));
    await store.limits.clear(number);
    await store.limits.clear(ip);
    expect(await inspector.keys('*')).toEqual([]);
  });

  it('a record that is asked and not taken from is not written', async () => {
    await take(ask(3600, { take: false }), ask(3600, { key: ip }));
    expect(await inspector.keys('*')).toEqual(['otp:{iAAAAAAAAAAAAAAA2}']);
  });

  it('an evicted record takes its challenge with it', async () => {
    const ref = await issue();
    await inspector.del(NUMBER_KEY);
    expect(await store.challenges.find(ref)).toBeUndefined();
    expect(await store.challenges.reserveAttempt(ref, [])).toEqual({ outcome: 'gone' });
  });

  it('the times of a record are the server’s', async () => {
    const [seconds] = await inspector.time();
    const { now } = await store.limits.count([ask(3600)]);
    expect(Math.abs(now - Number(seconds) * 1000)).toBeLessThan(SLACK_MS);
  });
});
