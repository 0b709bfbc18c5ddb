import { describe, expect, it } from 'vitest';
import { Random } from '../simulation/engine/random.js';
import { median, trendOf } from './trend.js';

const random = Random.of(1);
const noisy = (slope: number) => Array.from({ length: 60 }, (_, x) => 1_000 + slope * x + random.between(-20, 20));

describe('a trend', () => {
  it('is found under noise', () => {
    const { growth, noise } = trendOf(noisy(5));
    expect(growth).toBeGreaterThan(250);
    expect(growth).toBeLessThan(340);
    expect(noise).toBeLessThan(20);
  });

  it('is none where there is only noise, and odd values do not make one', () => {
    const values = noisy(0).map((value, x) => (x % 7 === 6 ? value * 3 : value));
    expect(Math.abs(trendOf(values).growth)).toBeLessThan(25);
  });

  it('knows the middle of even and odd counts', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
  });
});
