import { describe, expect, it } from 'vitest';
import { RecordIndex } from './record-index.js';

const SECRET = 'Zr3xT6yB9nM2kQ5wE8uI1oP4aS7dF0gH';
const index = new RecordIndex(SECRET, 'otp');
const QUOTE = { name: 'quote', windowSeconds: 60, key: 'ada' };

describe('names of throttled keys', () => {
  it('E6 are keyed hashes of 96 bits, equal for equal limits and keys', () => {
    expect(index.throttle(QUOTE)).toEqual({ kind: 'throttle', index: expect.stringMatching(/^[\w-]{16}$/) });
    expect(new RecordIndex(SECRET, 'otp').throttle({ ...QUOTE })).toEqual(index.throttle(QUOTE));
    expect(new RecordIndex(SECRET, 'other').throttle(QUOTE)).not.toEqual(index.throttle(QUOTE));
    expect(new RecordIndex(`${SECRET}x`, 'otp').throttle(QUOTE)).not.toEqual(index.throttle(QUOTE));
  });

  it('no key, whatever it holds, is counted in the budget of another limit', () => {
    const names = [
      QUOTE,
      { ...QUOTE, name: 'quote.day' },
      { ...QUOTE, windowSeconds: 61 },
      { ...QUOTE, key: '60\0ada' },
      { ...QUOTE, key: '\0ada' },
      { ...QUOTE, windowSeconds: 6, key: '0\0ada' },
      { ...QUOTE, name: 'quot', key: 'e\0ada' },
    ];
    expect(new Set(names.map((name) => index.throttle(name).index)).size).toBe(names.length);
  });
});
