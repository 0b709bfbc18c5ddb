import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import type { LogRequest, OtpStore } from '../../libs/otp/src/stores/otp-store.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';

const PARALLEL = 200;

/** The guards and how their absence was seen are told in libs/otp/src/testing/store-contract/race-cases.ts. */
describe('two instances on one Redis', () => {
  let server: RedisServer;
  let stores: readonly [OtpStore, OtpStore];
  beforeAll(async () => {
    server = await startRedis();
    stores = [redisStore({ url: server.url }), redisStore({ url: server.url })];
    for (const store of stores) {
      await store.connect();
    }
  });
  afterAll(async () => {
    for (const store of stores) {
      await store.close();
    }
    await server.stop();
  });

  const wrongCodes = (index: string): LogRequest => ({
    key: { kind: 'number', index },
    log: 'wrongCodes',
    windows: [{ name: 'lock', limit: 15, windowSeconds: 86_400 }],
    take: true,
  });

  async function issue(store: OtpStore) {
    const key = { kind: 'number', index: randomBytes(12).toString('base64url') } as const;
    const decision = await store.limits.take([{ ...wrongCodes(key.index), log: 'sends' }]);
    const charges = decision.outcome === 'taken' ? decision.charges : [];
    const [send = expect.fail('refused')] = charges.filter((charge) => 'log' in charge);
    const ref = { key, id: randomBytes(16) };
    const challenge = { hash: randomBytes(48), sealed: randomBytes(68), ttlSeconds: 300, attempts: 5, sends: 2 };
    await store.challenges.create(ref, challenge, send);
    return ref;
  }

  function onBoth<T>(work: (store: OtpStore) => Promise<T>): Promise<T[]> {
    return Promise.all(Array.from({ length: PARALLEL }, (_, index) => work(stores[index % 2 === 0 ? 0 : 1])));
  }

  it('B3 200 answers at once: exactly 5 are compared', async () => {
    const ref = await issue(stores[0]);
    const results = await onBoth((store) => store.challenges.reserveAttempt(ref, [wrongCodes(ref.key.index)]));
    expect(results.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(5);
  });

  it('A3 200 identical right answers at once: one success', async () => {
    const ref = await issue(stores[1]);
    const results = await onBoth((store) =>
      store.challenges.replaceIf(ref, 1, { kind: 'none', nonce: randomBytes(8) }),
    );
    expect(results.filter(({ outcome }) => outcome === 'replaced')).toHaveLength(1);
  });

  it('B7 200 sends at once: exactly the limit is admitted', async () => {
    const request = wrongCodes(randomBytes(12).toString('base64url'));
    const results = await onBoth((store) => store.limits.take([request]));
    expect(results.filter(({ outcome }) => outcome === 'taken')).toHaveLength(15);
  });

  it('B2 failures survive a restart of the application', async () => {
    const store = redisStore({ url: server.url });
    await store.connect();
    const request = {
      ...wrongCodes(randomBytes(12).toString('base64url')),
      windows: [{ name: 'one', limit: 1, windowSeconds: 60 }],
    };
    await store.limits.take([request]);
    await store.close();
    expect(await stores[0].limits.take([request])).toMatchObject({ outcome: 'refused' });
  });
});
