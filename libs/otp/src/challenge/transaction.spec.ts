import { describe, expect, it } from 'vitest';
import { canonicalHash, transactionHashes } from './transaction.js';

const hash = (value: unknown) => canonicalHash(value).toString('hex');

describe('canonicalHash', () => {
  it('A4 is the SHA-256 of the canonical JSON (the example of RFC 8785 §3.2.2)', () => {
    const value: unknown = JSON.parse(
      String.raw`{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
      }`,
    );
    // `openssl dgst -sha256` over the octets of §3.2.4.
    expect(hash(value)).toBe('2d5e01a318d0f0879ab568c4be289c8b1f64ef8921a53c6277d5e069978baacb');
  });

  it('does not depend on the order of members', () => {
    expect(hash({ amount: '12.00', payee: 'NL91' })).toBe(hash({ payee: 'NL91', amount: '12.00' }));
  });

  it.each([
    [{ amount: '12.00' }, { amount: '12.0' }],
    [{ amount: '12' }, { amount: 12 }],
    [{ now: true }, { now: 'true' }],
    [{ a: 'b", "c": "d' }, { a: 'b', c: 'd' }],
    [{ payee: 'é' }, { payee: 'e\u0301' }],
    [{ payee: 'NL91' }, { payee: 'NL91 ' }],
  ])('A4 tells %j from %j', (one, other) => {
    expect(hash(one)).not.toBe(hash(other));
  });

  it.each([
    ['nothing', undefined],
    ['a function', () => 1],
    ['NaN', { amount: Number.NaN }],
    ['Infinity', { amount: Number.POSITIVE_INFINITY }],
    ['a lone surrogate', { payee: '\uD800' }],
    ['a big integer', { amount: 1n }],
  ])('refuses %s', (_name, value) => {
    expect(() => hash(value)).toThrow(Error);
  });

  it('refuses a circle', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(() => hash(circle)).toThrow(Error);
  });
});

describe('transactionHashes', () => {
  it('A4 hashes the details and passes the action on', () => {
    const action = Buffer.alloc(32, 1);
    expect(transactionHashes({ details: { amount: '1' }, action })).toEqual({
      details: canonicalHash({ amount: '1' }),
      action,
    });
    expect(transactionHashes({ details: undefined, action: undefined })).toEqual({
      details: undefined,
      action: undefined,
    });
  });
});
