import { describe, expect, it } from 'vitest';
import type { DeskFact } from './desk-fact.js';
import { locksOf, numberFact, type NumberFact } from './locked-numbers.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const number = { numberRef: 'abcdefghij_-0123', destination: '+31*******78', country: 'NL', lane: 'public' } as const;
const wrongCodes = [{ limit: 3, windowSeconds: DAY / 1000 }];

const factsOf = (...facts: readonly DeskFact[]): readonly NumberFact[] =>
  facts.flatMap((fact) => numberFact(fact)?.fact ?? []);
const failed = (minute: number): DeskFact => ({ type: 'challenge.failed', at: START + minute * MINUTE, ...number });
const locks = (facts: readonly NumberFact[], now: number) => locksOf(facts, { now, wrongCodes });

describe('the locks of a number', () => {
  it('B1 begins with the wrong code that uses up the budget, and ends when the first leaves the window', () => {
    const two = factsOf(failed(0), failed(1));
    expect(locks(two, START + 2 * MINUTE)).toEqual([]);
    const three = [...two, ...factsOf(failed(2))];
    const lock = { destination: '+31*******78', country: 'NL', lane: 'public', until: '2026-01-02T00:00:00.000Z' };
    expect(locks(three, START + 2 * MINUTE)).toEqual([lock]);
    expect(locks(three, START + DAY - 1)).toEqual([lock]);
    expect(locks(three, START + DAY)).toEqual([]);
  });

  it('counts the newest ones, in whatever order they came', () => {
    const facts = factsOf(failed(30), failed(10), failed(0), failed(20));
    expect(locks(facts, START + 40 * MINUTE)[0]?.until).toBe(new Date(START + 10 * MINUTE + DAY).toISOString());
  });

  it('is told by a message that was refused because of it, in the lane of the request', () => {
    const refused = { ...number, lane: 'device', type: 'challenge.refused', at: START, retryAfterSeconds: 60 } as const;
    const facts = factsOf({ ...refused, limit: 'device.wrongCodes.86400' });
    expect(locks(facts, START)).toEqual([
      expect.objectContaining({ lane: 'device', until: '2026-01-01T00:01:00.000Z' }),
    ]);
    expect(locks(facts, START + MINUTE)).toEqual([]);
    for (const limit of ['number.sends.3600', 'ip.wrongCodes.3600', 'all.wrongCodes.3600', 'number.cooldown']) {
      expect(factsOf({ ...refused, limit })).toEqual([]);
    }
  });

  it('ends when somebody unlocks the number, and begins anew', () => {
    const unlocked: DeskFact = { ...number, type: 'admin.unlocked', at: START + 3 * MINUTE };
    const facts = factsOf(failed(0), failed(1), failed(2), unlocked);
    expect(locks(facts, START + 4 * MINUTE)).toEqual([]);
    expect(locks([...facts, ...factsOf(failed(4), failed(5))], START + 6 * MINUTE)).toEqual([]);
    expect(locks([...facts, ...factsOf(failed(4), failed(5), failed(6))], START + 7 * MINUTE)).toHaveLength(1);
  });

  it('of devices are not guessed: the desk cannot tell one from another', () => {
    const facts = factsOf(...[0, 1, 2, 3].map((minute) => ({ ...failed(minute), lane: 'device' as const })));
    expect(locks(facts, START + 5 * MINUTE)).toEqual([]);
  });

  it('of test numbers are nobody\u2019s', () => {
    expect(factsOf({ ...failed(0), test: true })).toEqual([]);
  });
});
