import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.js';
import {
  StoreFullError,
  type LogCharge,
  type LogRequest,
  type OtpStore,
  type RecordKey,
  type TallyRequest,
} from '../otp-store.js';
import { memoryStore } from './index.js';

const number = (index: number): RecordKey => ({ kind: 'number', index: `n${index}` });
const ip = (index: number): RecordKey => ({ kind: 'ip', index: `i${index}` });

function ask(key: RecordKey, log: LogRequest['log'] = 'sends', limit = 1): LogRequest {
  return { key, log, windows: [{ name: 'w', limit, windowSeconds: 60 }], take: true };
}

const DISTINCT = { name: 'd', value: 'DE', limit: 1, share: 0, windowSeconds: 60 };

function amountOf(key: RecordKey, overrides: Partial<TallyRequest> = {}): TallyRequest {
  const budgets = [{ name: 'b', counts: 'all', windowSeconds: 60, floor: 1, share: 0 }] as const;
  return { key, tally: 'sends', amount: 1, budgets, take: true, ...overrides };
}

function small(clock = new ManualClock()) {
  return { clock, store: memoryStore({ clock, maxNumbers: 3, maxIps: 3, maxMarks: 3 }) };
}

async function isRemembered(store: OtpStore, key: RecordKey): Promise<boolean> {
  return (await store.limits.take([{ ...ask(key), take: false }])).outcome === 'refused';
}

async function issue(store: OtpStore, key: RecordKey, ttlSeconds = 300) {
  const decision = await store.limits.take([ask(key)]);
  const [charge] = decision.outcome === 'taken' ? decision.charges : [];
  const send: LogCharge = charge && 'log' in charge ? charge : expect.fail('refused');
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

  it.each(['ip', 'network', 'prefix', 'pair', 'throttle'] as const)('kind %s is bounded on its own', async (kind) => {
    const { store } = small();
    const keys = [1, 2, 3, 4].map((index) => ({ kind, index: `x${index}` }));
    await store.limits.take([ask(ip(1)), ask(number(1))]);
    for (const key of keys) {
      await store.limits.take([amountOf(key)]);
    }
    const left = keys.map(async (key) => (await store.limits.take([amountOf(key, { take: false })])).outcome);
    expect(await Promise.all(left)).toEqual(['taken', 'refused', 'refused', 'refused']);
    expect(await isRemembered(store, number(1))).toBe(true);
  });

  it('a country is never forgotten', async () => {
    const { store } = small();
    for (let index = 0; index < 20; index++) {
      await store.limits.take([amountOf({ kind: 'country', index: `c${index}` })]);
    }
    const first = amountOf({ kind: 'country', index: 'c0' });
    expect(await store.limits.take([first])).toMatchObject({ outcome: 'refused' });
  });

  it('B2 wrong codes of a tally are never forgotten: the store is full, and nothing is taken', async () => {
    const { store, clock } = small();
    const other = amountOf({ kind: 'country', index: 'c' }, { tally: 'spending', distinct: DISTINCT });
    for (const index of [1, 2, 3]) {
      await store.limits.take([amountOf(ip(index), { tally: 'wrongCodes' })]);
    }
    await expect(store.limits.take([other, ask(number(1)), amountOf(ip(4))])).rejects.toThrow(StoreFullError);
    expect(await isRemembered(store, number(1))).toBe(false);
    expect(await store.limits.take([{ ...other, distinct: { ...DISTINCT, value: 'FR' } }])).toMatchObject({
      outcome: 'taken',
    });
    clock.advanceSeconds(60);
    expect(await store.limits.take([amountOf(ip(4))])).toMatchObject({ outcome: 'taken' });
  });

  it('B5 failures in a row are kept for a day whatever comes, who answered is not', async () => {
    const { store, clock } = small();
    const failing = (index: number): LogRequest => ({
      ...ask(number(index), 'wrongCodes', 9),
      failures: { name: 'inARow', limit: 0 },
    });
    for (const index of [1, 2]) {
      await store.limits.take([failing(index)]);
    }
    const answered = await issue(store, number(3));
    await store.challenges.replaceIf(answered, 1, { kind: 'none', answered: { knownSeconds: 9_999_999 } });
    clock.advanceSeconds(86_399);
    for (const index of [4, 5]) {
      await store.limits.take([ask(number(index))]);
    }
    expect(await store.limits.numberState(number(1))).toMatchObject({ failures: 1 });
    expect(await store.limits.numberState(number(3))).not.toHaveProperty('answeredAt');
    clock.advanceSeconds(1);
    for (const index of [6, 7]) {
      await store.limits.take([ask(number(index))]);
    }
    expect(await store.limits.numberState(number(1))).toMatchObject({ failures: 0 });
  });

  it('an answer succeeds though there is no room for its credits', async () => {
    const { store } = small();
    for (const index of [1, 2, 3]) {
      await store.limits.take([amountOf(ip(index), { tally: 'wrongCodes' })]);
    }
    const pair: RecordKey = { kind: 'pair', index: 'p' };
    const settle = [{ key: ip(9), tally: 'sends', amount: 1, at: 1, credit: 'always' }] as const;
    const answered = { knownSeconds: 60, firstCredits: { key: pair, limit: 1, windowSeconds: 60 } };
    const removed = await store.challenges.replaceIf(await issue(store, number(1)), 1, {
      kind: 'none',
      settle,
      answered,
    });
    expect(removed).toMatchObject({ outcome: 'replaced' });
  });

  it('a refused decision pushes nobody out', async () => {
    const { store } = small();
    for (const index of [1, 2, 3]) {
      await store.limits.take([ask(number(index))]);
    }
    await store.limits.take([ask(ip(1))]);
    expect(await store.limits.take([ask(number(4)), ask(ip(1))])).toMatchObject({ outcome: 'refused' });
    expect(await isRemembered(store, number(1))).toBe(true);
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
