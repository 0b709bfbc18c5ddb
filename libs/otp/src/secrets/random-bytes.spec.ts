import { describe, expect, it } from 'vitest';
import { randomBytes } from './random-bytes.js';

describe('randomBytes', () => {
  it('never hands out the same bytes twice, across refills of its pool', () => {
    const seen = new Set(Array.from({ length: 2000 }, () => randomBytes(16).toString('hex')));
    expect(seen.size).toBe(2000);
  });

  it('hands out copies: what is kept does not change and what is changed is not handed on', () => {
    const kept = randomBytes(32);
    const before = kept.toString('hex');
    randomBytes(4096).fill(0xff);
    randomBytes(4096);
    expect(kept.toString('hex')).toBe(before);
    expect(randomBytes(32).every((byte) => byte === 0xff)).toBe(false);
  });

  it('A1 sets every bit about half the time', () => {
    const counts = Array.from({ length: 8 }, () => 0);
    const bytes = Array.from({ length: 20 }, () => [...randomBytes(3000)]).flat();
    for (const byte of bytes) {
      for (let bit = 0; bit < 8; bit += 1) {
        counts[bit] = (counts[bit] ?? 0) + ((byte >> bit) & 1);
      }
    }
    // 60,000 fair draws: six standard deviations are 735.
    for (const count of counts) {
      expect(Math.abs(count - 30_000)).toBeLessThan(735);
    }
  });

  it.each([0, -1, 1.5, 4097, Number.NaN])('refuses %s bytes', (size) => {
    expect(() => randomBytes(size)).toThrow(RangeError);
  });
});
