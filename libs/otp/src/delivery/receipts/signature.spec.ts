import { describe, expect, it } from 'vitest';
import { equalSecrets, hmacOf, isFresh, isSignedByOne } from './signature.js';

describe('signatures of receipts', () => {
  it('E3 compares texts of any length', () => {
    expect(equalSecrets('abc', 'abc')).toBe(true);
    expect(equalSecrets('abc', 'abd')).toBe(false);
    expect(equalSecrets('abc', 'abcd')).toBe(false);
    expect(equalSecrets('', '')).toBe(true);
  });

  it('accepts any of the secrets', () => {
    const sign = (secret: string) => hmacOf(secret, 'body', { algorithm: 'sha256', encoding: 'hex' });
    expect(isSignedByOne(['old', 'new'], sign('new'), sign)).toBe(true);
    expect(isSignedByOne(['old', 'new'], sign('other'), sign)).toBe(false);
    expect(isSignedByOne([], sign('other'), sign)).toBe(false);
  });

  it.each([
    [-301, false],
    [-300, true],
    [0, true],
    [300, true],
    [301, false],
    [Number.NaN, false],
  ])('case 77 a time of %i seconds from now is fresh: %s', (seconds, fresh) => {
    expect(isFresh(1_000_000 + seconds, 1_000_000_000)).toBe(fresh);
  });
});
