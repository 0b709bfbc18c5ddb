import { describe, expect, it } from 'vitest';
import { rankTest } from './rank-test.js';

const range = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);

describe('rankTest', () => {
  it('knows samples without overlap: U = 0, z = -12.5 / √(25·11/12)', () => {
    const { p, effect } = rankTest(range(1, 5), range(6, 5));
    expect(effect).toBe(0);
    expect(p).toBeCloseTo(0.009023, 5);
  });

  it('corrects for ties: ranks 1, 3, 3, 6 against 3, 6, 6, 8, variance 16/12 · (9 - 48/56)', () => {
    const { p, effect } = rankTest([1, 2, 2, 3], [2, 3, 3, 4]);
    expect(effect).toBe(3 / 16);
    expect(p).toBeCloseTo(0.129154, 5);
  });

  it('is the same from both sides, whatever the order of the values', () => {
    const [a, b] = [rankTest([3, 1, 2, 9], [4, 8, 5, 7]), rankTest([8, 7, 5, 4], [9, 3, 2, 1])];
    expect(a.p).toBeCloseTo(b.p, 12);
    expect(a.effect + b.effect).toBe(1);
  });

  it('finds nothing in samples that are one', () => {
    expect(rankTest(range(1, 30), range(1, 30))).toEqual({ p: expect.closeTo(1, 6), effect: 0.5 });
    expect(rankTest([2, 2, 2], [2, 2])).toEqual({ p: expect.closeTo(1, 6), effect: 0.5 });
  });

  it('is as sure as the samples are large: 40 against 40 without overlap', () => {
    const { p } = rankTest(range(1, 40), range(41, 40));
    expect(p).toBeGreaterThan(1e-15);
    expect(p).toBeLessThan(1e-13);
  });
});
