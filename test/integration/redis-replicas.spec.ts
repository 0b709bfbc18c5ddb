import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogRequest, OtpStore } from '../../libs/otp/src/stores/otp-store.js';
import { StoreUnavailableError } from '../../libs/otp/src/stores/otp-store.js';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';

const EVENTUALLY = { timeout: 20_000, interval: 20 };
const AT_ONCE = 100;

const key = { kind: 'number', index: 'AAAAAAAAAAAAAAA1' } as const;
const wrongCodes: LogRequest = {
  key,
  log: 'wrongCodes',
  windows: [{ name: 'w', limit: 1_000, windowSeconds: 3600 }],
  take: true,
};

/** A master with one replica; the replica is frozen where it must not acknowledge. */
describe('waiting for replicas', () => {
  let master: RedisServer;
  let replica: RedisServer;
  let operator: Redis;
  let store: OtpStore;
  beforeEach(async () => {
    master = await startRedis({ extra: ['--repl-diskless-sync-delay', '0'] });
    replica = await startRedis({ extra: ['--replicaof', `127.0.0.1 ${master.port}`] });
    operator = new Redis(master.url);
    await vi.waitFor(async () => {
      await operator.set('replicated', 1, 'EX', 60);
      expect(await operator.wait(1, 1_000)).toBe(1);
    }, EVENTUALLY);
    store = redisStore({ url: master.url, waitForReplicas: { replicas: 1 } });
    expect(await store.connect()).toEqual([]);
  });
  afterEach(async () => {
    replica.resume();
    await store.close();
    operator.disconnect();
    await replica.stop();
    await master.stop();
  });

  async function issue(attempts = 5) {
    const decision = await store.limits.take([{ ...wrongCodes, log: 'sends' }]);
    const [send] = decision.outcome === 'taken' ? decision.charges : [];
    if (send === undefined || !('log' in send)) {
      throw new Error('the send was refused');
    }
    const ref = { key, id: randomBytes(16) };
    const challenge = { hash: randomBytes(48), sealed: randomBytes(68), ttlSeconds: 300, attempts, sends: 2 };
    expect((await store.challenges.create(ref, challenge, send)).outcome).toBe('created');
    return ref;
  }

  it('A3 a code that no replica knows to be consumed is not accepted, and is spent', async () => {
    const ref = await issue();
    replica.pause();
    const consumed = store.challenges.replaceIf(ref, 1, { kind: 'none', nonce: randomBytes(8) });
    await expect(consumed).rejects.toThrow(/replicated a write to 0 of 1 replicas/);
    replica.resume();
    expect(await store.challenges.find(ref)).toBeUndefined();
  });

  it('A3 the same call asked again is answered as soon as a replica has it', async () => {
    const ref = await issue();
    const nonce = randomBytes(8);
    replica.pause();
    await expect(store.challenges.replaceIf(ref, 1, { kind: 'none', nonce })).rejects.toThrow(StoreUnavailableError);
    // What the script finds done it does not write again, and a replica must have it all the same.
    await expect(store.challenges.replaceIf(ref, 1, { kind: 'none', nonce })).rejects.toThrow(StoreUnavailableError);
    replica.resume();
    await vi.waitFor(
      async () => expect((await store.challenges.replaceIf(ref, 1, { kind: 'none', nonce })).outcome).toBe('replaced'),
      EVENTUALLY,
    );
  });

  it('B3 an attempt that no replica has is not compared; a spent proof that none has is refused for good', async () => {
    const ref = await issue();
    replica.pause();
    await expect(store.challenges.reserveAttempt(ref, [wrongCodes])).rejects.toThrow(StoreUnavailableError);
    await expect(store.marks.putIfAbsent('proof', '1', 60)).rejects.toThrow(StoreUnavailableError);
    // That it was there already needs no replica.
    expect(await store.marks.putIfAbsent('proof', '2', 60)).toBe('1');
    replica.resume();
    expect((await store.challenges.find(ref))?.attemptsRemaining).toBe(4);
  });

  it('A3 what came too late to be sent is not spent', async () => {
    const ref = await issue();
    replica.pause();
    const first = store.challenges.reserveAttempt(ref, [wrongCodes]);
    const second = store.challenges.replaceIf(ref, 1, { kind: 'none', nonce: randomBytes(8) });
    await expect(first).rejects.toThrow(/replicated a write to 0 of 1 replicas/);
    await expect(second).rejects.toThrow(/was not sent/);
    expect((await store.challenges.find(ref))?.attemptsRemaining).toBe(4);
  });

  it('what needs no replica goes on while WAIT blocks', async () => {
    const ref = await issue();
    replica.pause();
    const waiting = store.challenges.reserveAttempt(ref, [wrongCodes]).catch(() => 'refused');
    const first = await Promise.race([waiting, store.challenges.find(ref), store.limits.count([wrongCodes])]);
    expect(first).not.toBe('refused');
    expect(await waiting).toBe('refused');
  });

  it(`B3 ${AT_ONCE} answers at once share few waits, and five are compared`, async () => {
    const ref = await issue();
    const before = await waitsOf(operator);
    const patient = redisStore({ url: master.url, waitForReplicas: { replicas: 1, timeoutMs: 1_500 } });
    await patient.connect();
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, () => patient.challenges.reserveAttempt(ref, [wrongCodes])),
    );
    await patient.close();
    expect(results.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(5);
    expect((await waitsOf(operator)) - before).toBeLessThanOrEqual(3);
  });

  it('leaves no key without a time to live', async () => {
    await store.challenges.reserveAttempt(await issue(), [wrongCodes]);
    for (const name of await operator.keys('otp:*')) {
      expect(await operator.pttl(name), name).toBeGreaterThan(0);
    }
  });

  it('a replica that is missing at boot is warned of, with what it means', async () => {
    const strict = redisStore({ url: master.url, waitForReplicas: { replicas: 2 } });
    expect(await strict.connect()).toEqual([expect.stringMatching(/has 1 replicas and `waitForReplicas` asks for 2/)]);
    await strict.close();
  });
});

async function waitsOf(operator: Redis): Promise<number> {
  return Number(/cmdstat_wait:calls=(\d+)/.exec(await operator.info('commandstats'))?.[1] ?? 0);
}
