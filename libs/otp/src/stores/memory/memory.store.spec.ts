import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.js';
import { StoreFullError, type LimitRequest, type OtpStore, type RecordKey } from '../otp-store.js';
import { memoryStore } from './index.js';

const number = (index: number): RecordKey => ({ kind: 'number', index: `n${index}` });
const ip = (index: number): RecordKey => ({ kind: 'ip', index: `i${index}` });

function ask(key: RecordKey, log: LimitRequest['log'] = 'sends', limit = 1): LimitRequest {
  return { key, log, windows: [{ name: 'w', limit, windowSeconds: 60 }], take: true };
}

function small(clock = new ManualClock()) {
  return { clock, store: memoryStore({ clock, maxNumbers: 3, maxIps: 3, maxMarks: 3 }) };
}

async function isRemembered(store: OtpStore, key: RecordKey): Promise<boolean> {
  return (await store.limits.take([{ ...ask(key), take: false }])).outcome === 'refused';
}

async function issue(store: OtpStore, key: RecordKey, ttlSeconds = 300) {
  const decision = await store.limits.take([ask(key)]);
  const [send = expect.fail('refused')] = decision.outcome === 'taken' ? decision.charges : [];
  const ref = { key, id: randomBytes(16) };
  const challenge = { hash: randomBytes(48), sealed: randomBytes(68), ttlSeconds, attempts: 5, sends: 2 };
  await store.challenges.create(ref, challenge, send);
  return ref;
}

describe('bounds of the memory store', () => {
  it('sends alone are forgotten, those written longest ago first', async () => {
    const { store } = small();
    for (const index of [1, 2, 3]) {
      await store.limits.take([ask(number(index), 'sends', 2)]);
    }
    await store.limits.take([ask(number(1), 'sends', 2)]);
    await store.limits.take([ask(number(4))]);
    expect(await Promise.all([1, 2, 3, 4].map((index) => isRemembered(store, number(index))))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('expired records make room before any other is forgotten', async () => {
    const { store, clock } = small();
    await store.limits.take([ask(number(1), 'wrongCodes')]);
    clock.advanceSeconds(30);
    for (const index of [2, 3]) {
      await store.limits.take([ask(number(index))]);
    }
    clock.advanceSeconds(30);
    await store.limits.take([ask(number(4))]);
    expect(await isRemembered(store, number(2))).toBe(true);
    expect(await isRemembered(store, number(3))).toBe(true);
  });

  it('B2 wrong codes and live challenges are never forgotten: the store is full', async () => {
    const { store, clock } = small();
    const ref = await issue(store, number(1));
    for (const index of [2, 3]) {
      await store.limits.take([ask(number(index), 'wrongCodes')]);
    }
    await expect(store.limits.take([ask(number(4))])).rejects.toThrow(StoreFullError);
    expect(await store.challenges.find(ref)).toBeDefined();
    expect(await store.limits.take([ask(number(2), 'wrongCodes')])).toMatchObject({ outcome: 'refused' });

    clock.advanceSeconds(60);
    expect(await store.limits.take([ask(number(4))])).toMatchObject({ outcome: 'taken' });
    expect(await store.challenges.find(ref)).toBeDefined();
  });

  it('a full kind refuses all of a decision and nothing of it is taken', async () => {
    const { store } = small();
    for (const index of [1, 2, 3]) {
      await store.limits.take([ask(ip(index), 'wrongCodes')]);
    }
    await expect(store.limits.take([ask(number(1)), ask(ip(4))])).rejects.toThrow(StoreFullError);
    expect(await isRemembered(store, number(1))).toBe(false);
    expect(await store.limits.take([ask(number(1)), ask(ip(3))])).toMatchObject({ outcome: 'taken' });
  });

  it('kinds are bounded each on their own', async () => {
    const { store } = small();
    for (const index of [1, 2, 3]) {
      await store.limits.take([ask(number(index))]);
    }
    for (let index = 0; index < 20; index++) {
      await store.limits.take([ask(ip(index))]);
    }
    expect(await isRemembered(store, number(1))).toBe(true);
  });

  it('asking, settling and giving back take no room', async () => {
    const { store } = small();
    for (const index of [1, 2, 3]) {
      await store.limits.take([ask(number(index), 'wrongCodes')]);
    }
    expect(await store.limits.take([{ ...ask(number(4)), take: false }])).toMatchObject({ outcome: 'taken' });
    await store.limits.giveBack([{ key: number(5), log: 'sends', at: 1 }]);
    await store.limits.settle([{ key: number(5), log: 'sends', at: 1 }]);
    await store.limits.clear(number(5));
  });

  it('a consumed challenge unpins its record', async () => {
    const { store } = small();
    for (const index of [1, 2, 3]) {
      await store.challenges.replaceIf(await issue(store, number(index)), 1, { kind: 'none' });
    }
    expect(await store.limits.take([ask(number(4))])).toMatchObject({ outcome: 'taken' });
  });

  it('marks are never forgotten early', async () => {
    const { store, clock } = small();
    for (const key of ['a', 'b', 'c']) {
      await store.marks.putIfAbsent(key, '1', 60);
    }
    await expect(store.marks.putIfAbsent('d', '1', 60)).rejects.toThrow(StoreFullError);
    expect(await store.marks.putIfAbsent('a', '2', 60)).toBe('1');
    clock.advanceSeconds(60);
    expect(await store.marks.putIfAbsent('d', '1', 60)).toBeUndefined();
  });

  it.each([{ maxNumbers: 0 }, { maxIps: 1.5 }, { maxMarks: Number.NaN }, { namespace: 'a:b' }])(
    'options %j are refused by name',
    (options) => {
      expect(() => memoryStore(options)).toThrow(new RegExp(Object.keys(options)[0] ?? ''));
    },
  );
});

describe('the timer of the memory store', () => {
  it('keeps no process alive, and is cleared by close()', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const { store } = small();
    await store.connect();
    expect(timers()).toBe(before);
    await store.close();
  });
});
