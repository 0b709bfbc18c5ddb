import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import type { LogCharge, OtpStore, TallyCharge, TallyRequest } from '../../libs/otp/src/stores/otp-store.js';
import { ManualClock } from '../../libs/otp/src/testing/manual-clock.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SLACK_MS = 30_000;
/** L3: what each key of a flood may cost. */
const FLOOD_BYTES = 150;

const ip = { kind: 'ip', index: 'AAAAAAAAAAAAAAA2' } as const;
const number = { kind: 'number', index: 'AAAAAAAAAAAAAAA1' } as const;
const IP_KEY = 'otp:{iAAAAAAAAAAAAAAA2}t';
const NUMBER_KEY = 'otp:{nAAAAAAAAAAAAAAA1}';

let server: RedisServer;
let inspector: Redis;
let store: OtpStore;
let clock: ManualClock;
beforeAll(async () => {
  server = await startRedis();
  inspector = new Redis(server.url);
});
afterAll(async () => {
  inspector.disconnect();
  await server.stop();
});
beforeEach(async () => {
  clock = new ManualClock();
  store = redisStore({ client: inspector, clock });
  await store.connect();
});
afterEach(async () => {
  await store.close();
  await inspector.flushall();
});

/** As the defaults ask an IP. */
function ask(overrides: Partial<TallyRequest> = {}): TallyRequest {
  return {
    key: ip,
    tally: 'sends',
    amount: 1,
    budgets: [
      { name: 'hour', counts: 'unanswered', windowSeconds: 3600, floor: 20, share: 0 },
      { name: 'day', counts: 'all', windowSeconds: 86_400, floor: 60, share: 3 },
    ],
    distinct: { name: 'countries', value: 'DE', limit: 3, share: 0, windowSeconds: 86_400 },
    take: true,
    ...overrides,
  };
}

async function take(...requests: TallyRequest[]): Promise<readonly TallyCharge[]> {
  const decision = await store.limits.take(requests);
  const charges = decision.outcome === 'taken' ? decision.charges : expect.fail('refused');
  return charges.filter((charge) => 'tally' in charge);
}

async function issue() {
  const windows = [{ name: 'w', limit: 50, windowSeconds: 3600 }];
  const decision = await store.limits.take([{ key: number, log: 'sends', windows, take: true }]);
  const charges = decision.outcome === 'taken' ? decision.charges : [];
  const [send] = charges.filter((charge): charge is LogCharge => 'log' in charge);
  const ref = { key: number, id: randomBytes(16) };
  const challenge = { hash: randomBytes(48), sealed: randomBytes(60), ttlSeconds: 300, attempts: 5, sends: 2 };
  await store.challenges.create(ref, challenge, send ?? expect.fail('nothing taken'));
  return ref;
}

async function expectTtl(key: string, ms: number): Promise<void> {
  const ttl = await inspector.pttl(key);
  expect(ttl).toBeGreaterThan(ms - SLACK_MS);
  expect(ttl).toBeLessThan(ms + SLACK_MS);
}

describe('tallies in Redis', () => {
  it(`case 49 an IP with one send to one country costs less than ${FLOOD_BYTES} bytes`, async () => {
    await take(ask());
    const bytes = Number(await inspector.call('MEMORY', 'USAGE', IP_KEY));
    const details = { bytes, value: await inspector.strlen(IP_KEY), key: IP_KEY.length };
    process.stdout.write(`Redis memory of an IP with one send: ${JSON.stringify(details)}\n`);
    expect(await inspector.keys('*')).toEqual([IP_KEY]);
    expect(bytes).toBeLessThan(FLOOD_BYTES);
    // Longer, its place in the allocator would be a larger one.
    expect(details.value).toBeLessThanOrEqual(12);
  });

  it.each([
    { amount: 1, value: '' },
    { amount: 255, value: 'DE' },
    { amount: 256, value: 'DE' },
    { amount: 3, value: 'ABCDEFGH' },
  ])('counts on after $amount for value $value, in whatever form one amount stands', async ({ amount, value }) => {
    const hour = { name: 'hour', counts: 'all', windowSeconds: 3600, floor: 2 * amount, share: 0 } as const;
    const countries = { name: 'countries', value, limit: 1, share: 0, windowSeconds: 86_400 };
    const request = ask({ amount, budgets: [hour], distinct: countries });
    await take(request);
    clock.advanceMs(60_000);
    expect(await store.limits.take([ask({ distinct: { ...countries, value: 'XX' } })])).toMatchObject({
      usedUp: amount > 20 ? ['hour', 'day', 'countries'] : ['countries'],
      retryAfterMs: DAY_MS - 60_000,
    });
    await take(request);
    expect(await store.limits.take([request])).toMatchObject({ usedUp: ['hour'], retryAfterMs: HOUR_MS - 60_000 });
  });

  it('case 49 a tally does not grow with what it counts', async () => {
    const country = { kind: 'country', index: 'AAAAAAAAAAAAAAA3' } as const;
    const budgets = [{ name: 'day', counts: 'all', windowSeconds: 86_400, floor: 1_000_000, share: 0 }] as const;
    const request = { key: country, tally: 'sends', amount: 1, budgets, take: true } as const;
    const sizes: number[] = [];
    for (let minute = 0; minute < 3 * 1440; minute++) {
      await take(request);
      clock.advanceMs(60_000);
      sizes.push(await inspector.strlen('otp:{cAAAAAAAAAAAAAAA3}t'));
    }
    process.stdout.write(`Redis bytes of a country's tally: ${Math.max(...sizes)}\n`);
    expect(Math.max(...sizes)).toBeLessThan(2_000);
    expect(Math.max(...sizes.slice(-1440))).toBeLessThanOrEqual(Math.max(...sizes.slice(1440, -1440)) + 40);
  });

  it('stand in a key of their own, which ends with their window', async () => {
    await take(ask());
    await expectTtl(IP_KEY, DAY_MS);
    const budgets = [{ name: 'hour', counts: 'all', windowSeconds: 3600, floor: 9, share: 0 }] as const;
    const [charge = expect.fail('nothing taken')] = await take({
      key: number,
      tally: 'sends',
      amount: 1,
      budgets,
      take: true,
    });
    await expectTtl(`${NUMBER_KEY}t`, HOUR_MS);
    await inspector.pexpire(`${NUMBER_KEY}t`, HOUR_MS / 2);
    await store.limits.settle([charge]);
    await expectTtl(`${NUMBER_KEY}t`, HOUR_MS / 2);
    await store.limits.giveBack([charge]);
    expect(await inspector.keys('*')).toEqual([IP_KEY]);
  });

  it('have a time to live that never shrinks', async () => {
    const short = (tally: 'sends' | 'wrongCodes', windowSeconds: number): TallyRequest => {
      const budget = { name: 'short', counts: 'all', windowSeconds, floor: 9, share: 0 } as const;
      return { key: ip, tally, amount: 1, budgets: [budget], take: true };
    };
    await take(ask());
    await take(short('wrongCodes', 3600));
    await expectTtl(IP_KEY, DAY_MS);
    await take(short('sends', 60));
    await expectTtl(IP_KEY, DAY_MS);
    await inspector.flushall();
    await take(short('sends', 5400));
    await take(short('sends', 4000));
    await expectTtl(IP_KEY, 5_400_000);
  });

  it('with a history are kept for 30 days', async () => {
    const [charge = expect.fail('nothing taken')] = await take(ask());
    await store.limits.settle([{ ...charge, credit: 'always' }]);
    await expectTtl(IP_KEY, 30 * DAY_MS);
  });

  it('that are refused, passed over or unknown write nothing', async () => {
    await store.limits.take([
      ask({ budgets: [{ name: 'none', counts: 'all', windowSeconds: 60, floor: 0, share: 0 }] }),
    ]);
    await take(ask({ take: false }));
    await store.limits.settle([{ key: ip, tally: 'sends', amount: 1, at: clock.now() }]);
    expect(await inspector.keys('*')).toEqual([]);
  });
});

describe('a number’s record in Redis', () => {
  it('is kept while the number is known or has a device, and no longer for failures that are over', async () => {
    const ref = await issue();
    const failures = { name: 'row', limit: 100 };
    const wrong = { key: number, log: 'wrongCodes', windows: [], failures, take: true } as const;
    await store.challenges.reserveAttempt(ref, [wrong]);
    await expectTtl(NUMBER_KEY, 400 * DAY_MS);
    const remember = { lane: 'device:AbCdEfGh', most: 5, lifetimeSeconds: 100 * 86_400 } as const;
    const answered = { knownSeconds: 90 * 86_400, remember };
    await store.challenges.replaceIf(ref, 1, { kind: 'none', answered, nonce: randomBytes(8) });
    await expectTtl(NUMBER_KEY, 100 * DAY_MS);
    expect(await store.limits.numberState(number)).toEqual({
      answeredAt: clock.now(),
      passesUsed: 0,
      failures: 0,
      devices: 1,
    });
    expect(await inspector.keys('*')).toEqual([NUMBER_KEY]);
    await store.limits.clear(number, ['sends', 'wrongCodes', 'devices', 'known', 'failures']);
    clock.advanceMs(30_000);
    expect(await store.challenges.clear(number)).toBe(0);
    expect(await inspector.keys('*')).toEqual([]);
  });

  it('known, with a device and no messages left in its logs, is small', async () => {
    const ref = await issue();
    const remember = { lane: 'device:AbCdEfGh', most: 5, lifetimeSeconds: 90 * 86_400 } as const;
    await store.challenges.replaceIf(ref, 1, { kind: 'none', answered: { knownSeconds: 90 * 86_400, remember } });
    await store.limits.clear(number, ['sends']);
    expect(await inspector.strlen(NUMBER_KEY)).toBeLessThanOrEqual(60);
  });
});
