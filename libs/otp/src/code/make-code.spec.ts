import { NodeCryptoPlugin } from '@otplib/plugin-crypto-node';
import { generateSync } from 'otplib';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCodeMaker, truncatedHotp, type CodeLength } from './make-code.js';

/** A secret whose truncation is known; the numbers were found by searching them in order. */
function secretOf(number: number): Uint8Array {
  const secret = Buffer.alloc(20);
  secret.writeUInt32BE(number, 16);
  return secret;
}

function makerFrom(...numbers: number[]) {
  const secrets = numbers.map(secretOf);
  let drawn = 0;
  const make = createCodeMaker({
    secret: () => {
      const secret = secrets[Math.min(drawn, secrets.length - 1)];
      drawn++;
      return secret ?? secretOf(0);
    },
  });
  return { make, drawn: () => drawn };
}

/** Repeatable, so that a statistical bound never fails by chance. */
function seededMaker() {
  let count = 0;
  return createCodeMaker({
    secret: () => createHash('sha1').update(`seed ${count++}`).digest(),
  });
}

function chiSquare(counts: Uint32Array): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Chi-square is close to normal for many bins: mean k−1, variance 2(k−1). Five deviations is beyond any doubt. */
function bound(bins: number): number {
  return bins - 1 + 5 * Math.sqrt(2 * (bins - 1));
}

describe('F5 RFC 4226 Appendix D', () => {
  const secret = Buffer.from('12345678901234567890', 'ascii');
  const crypto = new NodeCryptoPlugin();
  const vectors = [
    [0, 1284755224, '755224'],
    [1, 1094287082, '287082'],
    [2, 137359152, '359152'],
    [3, 1726969429, '969429'],
    [4, 1640338314, '338314'],
    [5, 868254676, '254676'],
    [6, 1918287922, '287922'],
    [7, 82162583, '162583'],
    [8, 673399871, '399871'],
    [9, 645520489, '520489'],
  ] as const;

  it.each(vectors)('F5 counter %i', (counter, truncated, code) => {
    const hotp = (digits: number) => generateSync({ strategy: 'hotp', secret, counter, digits, crypto });
    expect(hotp(6)).toBe(code);
    expect(Number(hotp(10))).toBe(truncated);
  });

  it('F5 the maker’s truncation is that of counter 0', () => {
    expect(truncatedHotp(secret)).toBe(1284755224);
    const make = createCodeMaker({ secret: () => secret });
    expect([make(6), make(7), make(8)]).toEqual(['755224', '4755224', '84755224']);
  });
});

describe('codes', () => {
  it('A1 the first and the last code are reachable, zeros included', () => {
    expect(truncatedHotp(secretOf(3958339))).toBe(1_845_000_000);
    expect(makerFrom(3958339).make(6)).toBe('000000');
    expect(truncatedHotp(secretOf(2075845))).toBe(709_999_999);
    expect(makerFrom(2075845).make(6)).toBe('999999');
  });

  it('A1 values beyond the largest multiple are drawn again', () => {
    expect(truncatedHotp(secretOf(5182))).toBe(2_147_068_571);
    expect(truncatedHotp(secretOf(15936))).toBe(2_147_262_098);
    const six = makerFrom(5182, 15936, 2075845);
    expect(six.make(6)).toBe('999999');
    expect(six.drawn()).toBe(3);

    expect(truncatedHotp(secretOf(37))).toBe(2_117_281_045);
    const eight = makerFrom(37, 2075845);
    expect(eight.make(8)).toBe('09999999');
    expect(eight.drawn()).toBe(2);
    expect(makerFrom(37).make(6)).toBe('281045');
  });

  it('A1 case 13: 100 000 codes are uniform and not correlated', () => {
    const make = seededMaker();
    const leading = new Uint32Array(1000);
    const trailing = new Uint32Array(1000);
    const pairs = new Uint32Array(100);
    let previous = 0;
    for (let count = 0; count < 100_000; count++) {
      const value = Number(make(6));
      const head = Math.floor(value / 1000);
      leading[head] = (leading[head] ?? 0) + 1;
      trailing[value % 1000] = (trailing[value % 1000] ?? 0) + 1;
      const pair = previous * 10 + (value % 10);
      pairs[pair] = (pairs[pair] ?? 0) + 1;
      previous = value % 10;
    }
    for (const counts of [leading, trailing, pairs]) {
      expect(chiSquare(counts)).toBeLessThan(bound(counts.length));
      expect(Math.min(...counts)).toBeGreaterThan(0);
    }
  });

  it.each([6, 7, 8] as const)('A1 a code of %i digits is exactly that long', (digits) => {
    const make = createCodeMaker();
    for (let count = 0; count < 200; count++) {
      expect(make(digits)).toMatch(new RegExp(`^[0-9]{${digits}}$`));
    }
  });

  it('F1 a fresh 160-bit secret for every code, nothing shorter', () => {
    const make = createCodeMaker();
    expect(new Set(Array.from({ length: 50 }, () => make(8))).size).toBeGreaterThan(45);
    for (const bytes of [0, 16, 19, 21]) {
      expect(() => createCodeMaker({ secret: () => new Uint8Array(bytes) })(6)).toThrow('20 bytes');
    }
  });

  it('fails closed on a source that repeats itself, and on another length', () => {
    expect(() => makerFrom(37).make(8)).toThrow('repeats');
    for (const digits of [4, 5, 9, 6.5, Number.NaN]) {
      // A JavaScript caller is not held by the type.
      expect(() => createCodeMaker()(digits as CodeLength)).toThrow(RangeError);
    }
  });
});
